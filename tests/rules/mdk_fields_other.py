"""Limits of convenience stores, banks, UnionPay, PayPal, Alipay and shopping credit.

Written from the field lists of the provider's kit for PHP 2.0.1 (the comments of its
RequestDtos), not from the spec files. The notation is in `mdk_fields`.
"""

from __future__ import annotations

FIELDS: dict[str, str] = {
    "cvsAuthorize": """
        serviceOptionType [sej|famima|econ|lawson|other]; orderId ..100; amount yen6; name1 ..10;
        name2 ..10; kana ..15; payLimit yyyy/mm/dd; mailAddr ..50; paymentType 1d;
        free1 b50; free2 b38; pushUrl ..256; payLimitHhmm HH:mm
    """,
    "cvsCancel": """
        serviceOptionType [sej|famima|econ|lawson|other]; orderId ..100
    """,
    "bankAuthorize": """
        serviceOptionType [atm|netbank-pc|netbank-docomo|netbank-softbank|netbank-au]; kana1 b20;
        kana2 b20; address1 b50; address2 b50; address3 b100; payLimit YYYYMMDD;
        agreementDate YYYYMMDD; contents b24; contentsKana b48; pushUrl ..256;
        pushExpantionFlag [1|0]
    """,
    "upopAuthorize": """
        orderId ..100; amount yen12; withCapture [true|false]; termUrl ..256; customerIp ..40
    """,
    "upopCancel": """
        orderId ..100
    """,
    "upopCapture": """
        orderId ..100; amount yen12
    """,
    "upopRefund": """
        orderId ..100; amount yen12
    """,
    "paypalAuthorize": """
        orderId ..100; action [set|get|do]; returnUrl ..1024?; cancelUrl ..1024?;
        headerImageUrl ..127; orderDescription b127; shippingFlag [0|1]; shipName b32;
        shipStreet1 b100; shipStreet2 b100; shipCity b40; shipState b40; shipCountry ..2;
        shipPostalCode ..20; shipPhone ..20; payerId ..13?; token ..20?
    """,
    "paypalCancel": """
        orderId ..100
    """,
    "paypalCapture": """
        orderId ..100; action [set|get|do|capture]; returnUrl ..1024?; cancelUrl ..1024?;
        headerImageUrl ..127; orderDescription b127; shippingFlag [0|1]; shipName b32;
        shipStreet1 b100; shipStreet2 b100; shipCity b40; shipState b40; shipCountry ..2;
        shipPostalCode ..20; shipPhone ..20; payerId ..13?; token ..20?
    """,
    "paypalRefund": """
        orderId ..100
    """,
    "alipayAuthorize": """
        orderId ..100; amount yen7; currency [JPY|CNY]; successUrl ..256; errorUrl ..256;
        commodityName ..100; commodityDescription ..200; commodityId ..64; withCapture [true];
        payType [0|1|2]; identityCode ..32?; responseType [0|1]; storeId ..64; storeName ..64;
        deviceType [0|1]
    """,
    "alipayConfirm": """
        orderId ..100; responseType [0|1]
    """,
    "alipayCreateIdentityCode": """
        storeId ..64; storeName ..64; taxiOperationId ..64; taxiNumber ..64; taxiDriverName ..64;
        taxiDriverMobile ..32
    """,
    "alipayRefund": """
        orderId ..100; amount yen7; reason ..80
    """,
    "oricoscAuthorize": """
        orderId ..100; merchantRedirectionUrl ..256; oricoOrderNo ..20; userNo ..20;
        itemName1 ..256; itemCount1 ..3d; itemAmount1 ..8; itemName2 ..256; itemCount2 ..3d;
        itemAmount2 ..8; itemName3 ..256; itemCount3 ..3d; itemAmount3 ..8; itemName4 ..256;
        itemCount4 ..3d; itemAmount4 ..8; itemName5 ..256; itemCount5 ..3d; itemAmount5 ..8;
        totalItemAmount yen8; totalCarriage yen8; amount yen8; deposit yen8;
        shippingZipCode 999-9999; handlingContractNo ..3; memberStoreNo ..8d;
        contractDocumentKbn ..1d; webDescriptionId ..4
    """,
}
