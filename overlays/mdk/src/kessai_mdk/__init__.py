"""VeriTrans4G MDK: typed client, authHash, browser results, PUSH notices."""
