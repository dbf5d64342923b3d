"""UnivaPay: typed client, webhooks, konbini."""
