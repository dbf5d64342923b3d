"""UnivaPay's tables, as the official libraries have them: held against the spec."""

from __future__ import annotations

PAGE = "limit cursor cursor_direction"
CHARGES = (
    "last_four name exp_month exp_year from to email phone amount_from amount_to currency mode "
    "metadata transaction_token_id"
)
TOKENS = "search customer_id type mode active"
SUBSCRIPTIONS = "search status mode"

ENDPOINTS = """
    GET    /stores/{}/charges/{}/cancels 200 401,404 - PAGE
    POST   /stores/{}/charges/{}/cancels 201 400,401,404 optional
    GET    /stores/{}/charges/{}/cancels/{} 200 401,404 - polling
    PATCH  /stores/{}/charges/{}/cancels/{} 200 400,401,403,404 body
    POST   /charges 201 400,401,403,429 optional
    GET    /charges 200 400,401,403,429 - PAGE CHARGES
    GET    /stores/{}/charges 200 400,401,403,429 - PAGE CHARGES
    GET    /stores/{}/charges/{} 200 400,401,403,404,429 - polling
    PATCH  /stores/{}/charges/{} 200 400,401,403,404,429 optional
    POST   /stores/{}/charges/{}/capture 200 400,401,403,404,429 optional
    GET    /stores/{}/charges/{}/issuer_token 200 400,401,403,404,429 -
    GET    /stores/{}/charges/{}/three_ds/issuer_token 200 400,401,403,404,429 -
    GET    /stores/{}/charges/{}/bank_transfer_ledgers 200 400,401,403,404,429 -
    GET    /checkout_info 200 401,403,429 -
    GET    /me 200 401,403,429 -
    GET    /stores/{}/charges/{}/refunds 200 401,403,404 - PAGE metadata
    POST   /stores/{}/charges/{}/refunds 201 400,401,403,404,429 body
    GET    /stores/{}/charges/{}/refunds/{} 200 401,404 - polling
    PATCH  /stores/{}/charges/{}/refunds/{} 200 400,401,403,404 body
    GET    /stores 200 400,401,403,429 - PAGE short_id search
    GET    /stores/{} 200 401,403,404,429 -
    POST   /stores/{}/create_customer_id 200 400,401,403,404,429 body
    POST   /subscriptions 201 - optional
    GET    /subscriptions 200 - - SUBS PAGE
    POST   /subscriptions/simulate_plan 200 400,401,403,429 optional
    GET    /stores/{}/subscriptions 200 - - SUBS PAGE
    POST   /stores/{}/subscriptions/simulate_plan 200 400,401,403,429 optional
    GET    /stores/{}/subscriptions/{} 200 401,404 - polling
    PATCH  /stores/{}/subscriptions/{} 200 400,401,404 optional
    DELETE /stores/{}/subscriptions/{} 204 400,401,403,404,429 -
    GET    /stores/{}/subscriptions/{}/payments 200 400,401,403,404,429 - PAGE
    GET    /stores/{}/subscriptions/{}/payments/{} 200 401,404 -
    PATCH  /stores/{}/subscriptions/{}/payments/{} 200 400,401,403,404 body
    GET    /stores/{}/subscriptions/{}/charges/latest 200 401,404 -
    GET    /merchants/{}/stores/{}/subscriptions/{}/charges 200 400,401,403,404 - PAGE
    GET    /stores/{}/subscriptions/{}/payments/{}/charges 200 401,403,404 - PAGE
    PATCH  /stores/{}/subscriptions/{}/suspend 200 400,401,403,404,429 optional
    PATCH  /stores/{}/subscriptions/{}/unsuspend 200 400,401,403,404,429 -
    PATCH  /stores/{}/subscriptions/{}/token 200 400,401,403,404,429 body
    POST   /tokens 201 400,401,403,429 body
    GET    /tokens 200 400,401,403,429 - TOKENS PAGE
    GET    /stores/{}/tokens 200 400,401,403,429 - TOKENS PAGE
    GET    /stores/{}/tokens/{} 200 400,401,403,404,429 - polling
    PATCH  /stores/{}/tokens/{} 200 400,401,403,404,429 optional
    DELETE /stores/{}/tokens/{} 204 400,401,403,404,429 -
    POST   /stores/{}/tokens/{}/three_ds 200 400,401,403,404,429 optional
    DELETE /stores/{}/tokens/{}/three_ds 200 400,401,403,404,429 -
    GET    /stores/{}/tokens/{}/three_ds/issuer_token 200 400,401,403,404,429 -
    GET    /stores/{}/webhooks 200 401,404 - PAGE active
    POST   /stores/{}/webhooks 201 400,401 body
    GET    /stores/{}/webhooks/{} 200 401,404 -
    PATCH  /stores/{}/webhooks/{} 200 400,401,403,404 body
    DELETE /stores/{}/webhooks/{} 204 401,403,404 -
    GET    /stores/{}/webhooks/{}/events 200 401,403,404 - PAGE
"""
"""Method, path, good status, documented error statuses, body, query.

Direct debit, transaction history and declarations to customs are left out of the spec.
"""

ENUMS = """
    ConvenienceStore: seven_eleven family_mart lawson mini_stop seico_mart pay_easy
        daily_yamazaki yamazaki_daily_store
    OnlineBrand: alipay_online alipay_plus_online pay_pay_online we_chat_online d_barai_online
        alipay_china alipay_hk gcash dana truemoney kakaopay tng rabbit_line_pay bpi boost
        tinaba naver_pay toss_pay maya grab_sg kredivo_id k_plus kaspi_kz
    OnlineCallMethod: http_get http_post http_get_mobile sdk web app
    OsType: android ios
    UserIdentifierSource: provided internal
    ChargeStatus: pending awaiting authorized successful failed error canceled
    CancelStatus: pending successful failed error
    RefundStatus: pending successful failed error
    RefundReason: duplicate fraud customer_request system_failure chargeback
        chargeback_fee_exempt chargeback_reverse
    RefundReasonRequest: duplicate fraud customer_request
    ThreeDsMode: normal require force skip if_available provided
    ThreeDsStatus: pending awaiting successful failed error
    Mode: live test
    TokenType: one_time subscription recurring
    PaymentType: card paidy online konbini bank_transfer qr_scan qr_merchant
    TokenListType: subscription recurring
    TokenActive: active inactive all
    CursorDirection: asc desc
    IssuerTokenPaymentType: online bank_transfer
    IssuerTokenCallMethod: http_get http_post sdk web app
    BankLedgerType: deposit payment
    BankTransferPaymentStatus: unpaid insufficient exact exceeded
    SubscriptionStatus: unverified unconfirmed canceled unpaid current suspended completed
    SubscriptionPeriod: daily weekly biweekly monthly quarterly semiannually annually
    SimulationPeriod: daily weekly biweekly monthly bimonthly quarterly semiannually annually
    SubscriptionUpdateStatus: suspended unpaid
    SubscriptionTerminateWithStatus: suspended canceled
    SubscriptionTerminationMode: immediate on_next_payment
    SubscriptionPlanType: fixed_cycles fixed_cycle_amount
    InstallmentPlanType: revolving fixed_cycles fixed_cycle_amount
    InstallmentPlanRequestType: revolving fixed_cycles
    CheckoutMode: live test live_test
    CheckoutPaymentType: card qr_scan qr_merchant konbini apple_pay paidy online bank_transfer
    CheckoutRecurringTokenPrivilege: none bounded infinite
    CheckoutBankTransferMatchAmount: exact maximum minimum disabled
    CustomsDeclarationStatus: pending successful failed error
"""
"""The spec's name, then the values in the libraries' order."""

EVENTS = """
    token_created token_updated token_three_d_s_updated token_cvv_auth_updated
    token_cvv_auth_check_updated token_replaced charge_updated charge_finished refund_finished
    cancel_finished customs_declaration_finished recurring_token_deleted
    bank_transfer_status_updated subscription_created subscription_payment
    subscription_completed subscription_failure subscription_canceled subscription_suspended
"""
"""Events of a store, by the Python library's list."""

MORE_EVENTS = (
    "token_three_ds_updated",
    "transfer_created",
    "transfer_updated",
    "transfer_finalized",
)
"""Events that only the JavaScript and PHP libraries know."""

API_ERRORS = """
    400: ALREADY_CAPTURED AUTH_NOT_SUPPORTED CANCEL_NOT_ALLOWED
        CANNOT_CHANGE_CANCELED_SUBSCRIPTION CANNOT_CHANGE_TOKEN
        CANNOT_REFUND_UNSUCCESSFUL_CHARGE CAPTURE_AMOUNT_TOO_LARGE CARD_BRAND_NOT_SUPPORTED
        CARD_COUNTRY_NOT_SUPPORTED CARD_PROCESSING_DISABLED CHARGE_TOO_QUICK
        CONVENIENCE_PROCESSING_DISABLED CURRENCY_MUST_MATCH_CHARGE CVV_REQUIRED
        CVV_AUTHORIZATION_NOT_COMPLETED FILE_INVALID_TYPE FILE_MAX_SIZE_EXCEEDED FORBIDDEN_IP
        INSTALLMENT_MAX_PAYOUT_PERIOD_EXCEEDED INSTALLMENT_PAYMENT_TYPE_NOT_ALLOWED_FOR_PLAN
        INSTALLMENT_INVALID_CYCLES_COUNT INSTALLMENT_INVALID_PLAN INVALID_PLATFORM
        INVALID_TOKEN_TYPE INVALID_QR_SCAN_GATEWAY LAST_NAME_REQUIRED
        LIVE_MODE_NOT_ENABLED_WHEN_UNVERIFIED NO_DIRECT_CURRENCY_GATEWAY NO_GATEWAYS_AVAILABLE
        NO_TEST_CARD_IN_LIVE_MODE NON_SUBSCRIPTION_PAYMENT NOT_ONE_TIME_TOKEN
        NOT_SUBSCRIPTION_TOKEN PARTIAL_CAPTURE_NOT_SUPPORTED PAYMENT_EXPIRATION_EXCEEDS_PERIOD
        PROCESSING_MODE_MISMATCH QR_PROCESSING_DISABLED RECURRING_TOKEN_DISABLED
        RECURRING_USAGE_LIMIT_REQUIRED RECURRING_USAGE_REQUIRES_CVV REFUND_EXCEEDS_CHARGE_AMOUNT
        REFUND_NOT_ALLOWED REFUND_EXCEEDS_SALES REFUND_NOT_WITHIN_BOUNDS RESOURCE_LIMIT_REACHED
        SUBSCRIPTION_ALREADY_ENDED TOKEN_FOR_WRONG_STORE TRANSACTION_ALREADY_PROCESSED
        TRANSACTION_TOKEN_EXPIRED USAGE_LIMIT_NOT_APPLICABLE VALIDATION_ERROR
        CHARGE_AMOUNT_TOO_HIGH NOT_SUPPORTED_BY_PROCESSOR
    401: AUTH_HEADER_MISSING EXPIRED_LOGIN_TOKEN INVALID_APP_TOKEN INVALID_CREDENTIALS
        INVALID_DOMAIN INVALID_LOGIN_TOKEN DIRECT_CARD_TOKEN_CREATION_DISABLED
    403: CARD_LOCKED INVALID_PERMISSIONS INSTALLMENT_PROCESSOR_INITIAL_AMOUNTS_NOT_SUPPORTED
        OUTDATED_APP_TOKEN TEST_CARD_CANNOT_BE_BANNED INSTALLMENTS_NOT_ENABLED
    409: IDEMPOTENCY_KEY_CONFLICT NON_UNIQUE_ACTIVE_TOKEN WEBHOOK_URL_EXISTS
    500: COULD_NOT_REFRESH_AUTH DB_ERROR FILE_UPLOAD_ERROR IMPROPER_AUTH TIMEOUT
        UNABLE_TO_GET_IDEMPOTENT_RESULT UNKNOWN_ERROR
    503: SERVICE_UNAVAILABLE_TRY_AGAIN
    504: NO_GATEWAY_AVAILABLE_TO_PROCESS_THE_REQUEST
"""
"""Status, then the codes of error answers."""

PAYMENT_ERRORS = """
    301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 318 319 320 321 322 323
    324 325 326 327 328 329 330 331 332 333 334 335 336 337 338 339 340 341 342 343 344 345 346
    351 355 356 358 359 500 501 502 601 602 603 604
"""
"""Codes of payments that failed."""

REASONS = """
    REQUIRED_VALUE MUST_BE_FUTURE_TIME MUST_BE_FUTURE_OR_TODAY INVALID_FORMAT
    INVALID_PERCENT_FEE INVALID_CARD_NUMBER INVALID_CARD_EXPIRATION INVALID_CVV
    INVALID_FORMAT_LENGTH INVALID_UUID INVALID_FORMAT_BASE64 INVALID_FORMAT_EMAIL
    INVALID_CARD_DESCRIPTOR INVALID_FORMAT_CURRENCY INVALID_CURRENCY INVALID_AMOUNT
    INVALID_EVENT_FOR_STORE INVALID_EVENT_FOR_PLATFORM INVALID_EVENT_FOR_MERCHANT
    INVALID_FORMAT_DOMAIN INVALID_FORMAT_URL INVALID_FORMAT_OBJECT INVALID_FORMAT_COUNTRY
    INVALID_PHONE_NUMBER INVALID_FORMAT_SWIFT_CODE INVALID_FORMAT_ROUTING_NUMBER
    INVALID_FORMAT_ROUTING_CODE INVALID_FORMAT_IFCS_CODE INVALID_FORMAT_BANK_ACCOUNT_NUMBER
    INVALID_PASSWORDS INVALID_TIME_PERIOD INVALID_DAY_OF_WEEK INVALID_WEEK_OF_MONTH
    INVALID_DAY_OF_MONTH INVALID_COLOR_SIZE NESTED_JSON_NOT_ALLOWED INVALID_FORMAT_DATE
    INVALID_CHARGE_STATUS INVALID_QR_SCAN_GATEWAY NOT_QR_CHARGE NOT_ONLINE_CHARGE
    ISSUER_TOKEN_EMPTY CARD_LIMIT_EXCEEDED_FOR_STORE INVALID_LANGUAGE SUBSCRIPTION_NOT_ALLOWED
    ONE_TIME_ONLY_ALLOWED AUTH_EXPIRED INVALID_TEMPLATE_KEY NON_PUBLIC_TEMPLATE
    ONLY_JAPANESE_PHONE_NUMBER_ALLOWED EXPIRATION_DATE_OUT_OF_BOUNDS UNSUPPORTED_LANGUAGE
    DEFAULT_LANGUAGE_NOT_SUPPORTED ONLY_FOR_CARD_PAYMENT CAPTURE_ONLY_FOR_CARD_PAYMENT
    INVALID_CARD_TYPE_FOR_CAPTURE INVALID_SCHEDULED_CAPTURE_DATE INVALID_MERCHANT_STATUS
    INCOHERENT_DATE_RANGE MUST_HAVE_ONE_ELEMENT THRESHOLD_MUST_BE_NULL ILLEGAL_NUMBER_OF_ITEMS
    UNABLE_TO_READ_CREDENTIALS GATEWAY_ERROR GATEWAY_NO_LONGER_SUPPORTED
    MEDIA_CANNOT_BE_SHORTENED INVALID_CHARGE_AMOUNT_LIMIT
    PLATFORM_CURRENCY_REQUIRED_IN_CVV_AMOUNT TRANSFER_SCHEDULE_WAIT_PERIOD_AND_PERIOD_REQUIRED
    CHARGE_AMOUNT_TOO_LOW CHARGE_AMOUNT_TOO_HIGH MUST_HAVE_AT_LEAST_ONE_ELEMENT
    MUST_CONTAIN_PLATFORM_CURRENCY CURRENCY_MUST_BE_IN_AMOUNTS_LIST NUMBER_MIN
    UNFINISHED_CHARGES_EXIST_FOR_TOKEN ONGOING_SUBSCRIPTIONS_EXIST_FOR_TOKEN
    PAYMENT_EXPIRATION_EXCEEDS_PERIOD SCHEDULING_ONLY_FOR_FUTURE BRAND_NOT_DEFINED ONLY_ASCII
    UNIQUE_CHARACTERS AT_LEAST_ONE_DIGIT AT_LEAST_ONE_LETTER EMPTY_ROLES
    EDIT_OWN_ROLES_NOT_ALLOWED EDIT_OWN_STATUS_NOT_ALLOWED INVALID_CARD_BRAND
    UNSUPPORTED_COUNTRY UNSUPPORTED_CURRENCY CANNOT_BAN_SELF CANNOT_SELF_TERMINATE
    NO_DUPLICATE_CURRENCIES INVALID_PATH_VALUE PLATFORM_NOT_FOUND INVALID_PLATFORM
    INVALID_INVOICE_FEE_CONFIGURATION INVALID_PLATFORM_ROLE DATA_NOT_SUBMITTED NO_BANK_ACCOUNT
    PERCENT_FEE_NOT_SUBMITTED INSUFFICIENT_SYSTEM_MANAGER_INFO CREDENTIALS_EXISTS
    GATEWAY_CONFIGURATION_REQUIRED GATEWAY_CONFIGURATION_NOT_REQUIRED
    PLATFORM_CREDENTIALS_DISABLED TAGGED_PLATFORM_CREDENTIALS_DISABLED FORBIDDEN_GATEWAY
    FORBIDDEN_QR_GATEWAY BLACKLISTED_TAG_ON_MERCHANT BLACKLISTED_TAG_ON_STORE
"""
"""What can be wrong with a member of a request."""


def table(text: str) -> dict[str, list[str]]:
    """Lines of ``name: value value``; a deeper line goes on with the one above."""
    found: dict[str, list[str]] = {}
    name = ""
    for word in text.split():
        if word.endswith(":"):
            name = word[:-1]
            found[name] = []
        else:
            found[name].append(word)
    return found


def endpoints() -> dict[tuple[str, str], tuple[str, set[str], str, set[str]]]:
    """Good status, error statuses, body and query by method and path without names."""
    groups = {"PAGE": PAGE, "CHARGES": CHARGES, "TOKENS": TOKENS, "SUBS": SUBSCRIPTIONS}
    found: dict[tuple[str, str], tuple[str, set[str], str, set[str]]] = {}
    for line in ENDPOINTS.strip().splitlines():
        method, path, status, errors, body, *query = line.split()
        named = {name for word in query for name in groups.get(word, word).split()}
        known = set[str](errors.split(",")) - {"-"}
        found[method, path] = (status, known, body, named)
    return found
