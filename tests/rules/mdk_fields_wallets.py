"""Limits of carriers, PayPay, Rakuten Pay and Merpay, member by member.

Written from the field lists of the provider's kit for PHP 2.0.1 (the comments of its
RequestDtos), not from the spec files. The notation is in `mdk_fields`.
"""

from __future__ import annotations

FIELDS: dict[str, str] = {
    "carrierAuthorize": """
        orderId ..100; serviceOptionType [docomo|au|sb_ktai|sb_matomete|s_bikkuri|flets];
        amount yen12; terminalKind [0|1|2]; itemType [0|1|2]; accountingType [0|1|2|3|4];
        withCapture [true|false]; d3Flag [0|1|2]; mpFirstDate YYYYMMDD; mpDay ..2d; itemId ..18;
        successUrl ..1024; cancelUrl ..1024; errorUrl ..1024; pushUrl ..1024; openId ..256;
        sbUid ..16; fletsArea [0|1]; loginAuId [true|false]; auId ..32;
        paymentAuthenticationType [0|1]; billingToken ..255; idauth [false|true]; storeId ..20;
        termId ..128; receiptNo ..128
    """,
    "carrierCancel": """
        orderId ..100; serviceOptionType [docomo|au|sb_ktai|flets|sb_matomete|s_bikkuri];
        cancelMonth YYYYMM; amount yen12; storeId ..8d; termId ..128; receiptNo ..128
    """,
    "carrierCapture": """
        orderId ..100; serviceOptionType [docomo|au|sb_ktai|s_bikkuri|flets|sb_matomete];
        captureMonth YYYYMM
    """,
    "carrierReAuthorize": """
        orderId ..100; originalOrderId ..100;
        serviceOptionType [docomo|au|sb_ktai|sb_matomete|flets]; withCapture [true|false];
        amount yen12
    """,
    "carrierTerminate": """
        orderId ..100; serviceOptionType [docomo|au|sb_matomete|flets|sb_ktai|s_bikkuri];
        terminalKind [0|1|2]; force [true|false]; successUrl ..1024; cancelUrl ..1024;
        errorUrl ..1024; pushUrl ..1024
    """,
    "carrierUpdateAuthorize": """
        orderId ..100; serviceOptionType [au|docomo|sb_matomete|sb_ktai|s_bikkuri|flets];
        amount yen12
    """,
    "paypayAuthorize": """
        orderId ..100; serviceOptionType [barcode|online]; accountingType [0|1];
        oneTimeCode ..32d; amount yen7; withCapture [true|false]; storeId ..128; terminalId ..128;
        receiptNumber ..128; settleBizCode ..5d; itemId ..32; successUrl ..1024; cancelUrl ..1024;
        errorUrl ..1024; pushUrl ..1024; provider [0|1]; transitionType [1|2];
        extendParameterType [0|1]; onlinePaymentType [1]
    """,
    "paypayAuthorizeConfirm": """
        orderId ..100; serviceOptionType [online]; jws ..4000
    """,
    "paypayCancel": """
        orderId ..100; serviceOptionType [online]
    """,
    "paypayCapture": """
        orderId ..100; serviceOptionType [online]; amount yen7
    """,
    "paypayReAuthorize": """
        orderId ..100; serviceOptionType [online]; originalOrderId ..100; amount yen7;
        itemId ..32; nsfRecoveryFlag [true|false]; nsfRecoveryExpiredDatetime YYYYMMDDhhmmss;
        pushUrl ..1024
    """,
    "paypayRefund": """
        orderId ..100; serviceOptionType [barcode|online]; storeId ..128; terminalId ..128;
        receiptNumber ..128; settleBizCode ..5d; amount yen7
    """,
    "paypayTerminate": """
        orderId ..100; serviceOptionType [online]; force [true|false]; successUrl ..1024;
        cancelUrl ..1024; errorUrl ..1024; pushUrl ..1024
    """,
    "rakutenAuthorize": """
        orderId ..100; amount yen8; withCapture [true|false]; itemId ..64; itemName ..300;
        successUrl ..1024; errorUrl ..1024; pushUrl ..1024; payType [0|1|2|3];
        accountingType [0|1]; responseType [0|1]; storeId ..36; terminalId ..36;
        receiptNumber ..36; oneTimeCode ..16; items ..255; expireMinutes ..4d;
        terminalType [10|20]
    """,
    "rakutenCancel": """
        orderId ..100; amount yen8; storeId ..36; terminalId ..36;
        cancelType [10|11|12|13|14|98|99]; cancelReason ..1024
    """,
    "rakutenCapture": """
        orderId ..100; amount yen8
    """,
    "rakutenConfirm": """
        orderId ..100; responseType [0|1]
    """,
    "rakutenReAuthorize": """
        orderId ..100; originalOrderId ..100; amount yen7; withCapture [true|false]; itemId ..64;
        itemName ..300
    """,
    "rakutenUpdateAuthorize": """
        orderId ..100; amount yen7; authExtensionFlag [true|false]
    """,
    "merpayAuthorize": """
        orderId ..100; serviceOptionType [barcode|online]; amount yen7; accountingType [0|1];
        withCapture [true|false]; storeId ..32; terminalId ..32; operatorId ..128; slipCode ..128;
        successUrl ..1024; cancelUrl ..1024; pushUrl ..1024; oneTimeCode ..4296; name ..40;
        description ..1000; imageUrl1 ..2000; imageUrl2 ..2000; imageUrl3 ..2000;
        imageUrl4 ..2000; imageUrl5 ..2000; imageUrl6 ..2000; imageUrl7 ..2000; imageUrl8 ..2000;
        imageUrl9 ..2000; category ..40; size ..20; brand ..40; color ..32; listPrice yen7;
        unitPrice yen7; quantity ..7d; itemCode ..128; janCode ..13; categoryId ..4;
        useDeliveryAddress [true|false]; useBuyerInfo [true|false]; preapprovedServiceName ..20;
        preapprovedServiceDescription ..120; userAgent ..1000; consentAuthType [0|1]
    """,
    "merpayCancel": """
        orderId ..100; serviceOptionType [barcode|online]
    """,
    "merpayCapture": """
        orderId ..100; serviceOptionType [barcode|online]; amount yen7
    """,
    "merpayReAuthorize": """
        orderId ..100; originalOrderId ..100; serviceOptionType [online]; amount yen7;
        withCapture [true|false]; categoryId ..4
    """,
    "merpayRefund": """
        orderId ..100; serviceOptionType [barcode|online]; storeId ..32; terminalId ..32;
        operatorId ..128; amount yen7
    """,
    "merpayTerminate": """
        orderId ..100; serviceOptionType [online]
    """,
}
