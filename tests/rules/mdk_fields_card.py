"""Limits of cards and 3-D Secure, member by member.

Written from the field lists of the provider's kit for PHP 2.0.1 (the comments of its
RequestDtos), not from the spec files. The notation is in `mdk_fields`.
"""

from __future__ import annotations

FIELDS: dict[str, str] = {
    "cardAuthorize": """
        orderId ..100; amount yen8; cardNumber ..26; cardExpire MM/YY; cardholderName 2..45;
        cardOptionType [mpi|house|elio]; cardCenter [sln|jcn];
        acquirerCode [01|02|03|04|05|06|07|08|09|10|11|12|13|14|17|20|21|22|23|
        24|28|31|32|36|37|38|40|47|48|49|50|51|52]; jpo ..138; withCapture [true|false];
        salesDay YYYYMMDD; itemCode ..7d; dddMessageVersion ..10; dddTransactionId ..28;
        dddTransactionStatus [Y|N|U|A| |]; dddCavvAlgorithm [0|1|2|3| |]; dddCavv ..28;
        dddEci [01|02|05|06|07]; dddDsTransactionId ..36; dddServerTransactionId ..36;
        securityCode ..4d; authFlag ..7d; birthday MMDD; tel ..4d; firstKanaName b15;
        lastKanaName b15; currencyUnit 3; firstPayment YYMM; bonusFirstPayment YYMM; mcAmount ..8;
        posDataCode 12; terminalId 13d; withFraudDetection [true|false]; chipConditionCode [0| ];
        withJcnTokenization [true|false]; jcnToken ..16d; jcnTokenVersion ..2; exSlipInfo ..25
    """,
    "cardCancel": """
        orderId ..100; originalOrderId ..100; amount yen8; cardNumber ..26; cardExpire MM/YY;
        cardholderName 2..45; cardOptionType [house]; cardCenter [sln|jcn];
        acquirerCode [01|02|03|04|05|06|07|08|09|10|11|12|13|14|17|20|21|22|23|
        24|28|31|32|36|37|38|40|47|48|49|50|51|52]; withNew [true|false]; withDirect [true|false];
        cancelDay YYYYMMDD; itemCode 7d; currencyUnit 3; salesDay YYYYMMDD;
        useOriginalOrder [true|false]; jpo ..138; firstPayment YYMM; bonusFirstPayment YYMM;
        withDirectOnFailure [true|false]; mcAmount ..8; posDataCode 12; terminalId 13d;
        chipConditionCode [0| ]; exSlipInfo ..25
    """,
    "cardCapture": """
        orderId ..100; amount yen8; cardNumber ..26; cardExpire MM/YY; cardholderName 2..45;
        cardOptionType [house];
        acquirerCode [01|02|03|04|05|06|07|08|09|10|11|12|13|14|17|20|21|22|23|
        24|28|31|32|36|37|38|40|47|48|49|50|51|52]; salesDay YYYYMMDD; itemCode ..7d;
        withDirect [true|false]; authCode ..7d; currencyUnit 3; jpo ..138; firstPayment YYMM;
        bonusFirstPayment YYMM; mcAmount ..8; terminalId 13d; exSlipInfo ..25
    """,
    "cardReAuthorize": """
        orderId ..100; originalOrderId ..100; amount yen8; cardNumber ..26; cardExpire MM/YY;
        cardholderName 2..45; cardOptionType [mpi|house]; cardCenter [sln|jcn];
        acquirerCode [01|02|03|04|05|06|07|08|09|10|11|12|13|14|17|20|21|22|23|
        24|28|31|32|36|37|38|40|47|48|49|50|51|52]; jpo ..138; withCapture [true|false];
        salesDay YYYYMMDD; itemCode ..7d; dddMessageVersion ..10; dddTransactionId ..28;
        dddTransactionStatus [Y|N|U|A| |]; dddCavvAlgorithm [0|1|2|3| |]; dddCavv ..28;
        dddEci [01|02|05|06|07]; dddDsTransactionId ..36; dddServerTransactionId ..36;
        securityCode ..4d; authFlag ..7d; birthday MMDD; tel ..4d; firstKanaName b15;
        lastKanaName b15; currencyUnit 3; firstPayment YYMM; bonusFirstPayment YYMM; mcAmount ..8;
        posDataCode 12; terminalId 13d; withFraudDetection [true|false]; exSlipInfo ..25
    """,
    "cardRetry": """
        orderId ..100
    """,
    "mpiAuthorize": """
        serviceOptionType [mpi-none|mpi-complete|mpi-company|mpi-merchant]; orderId ..100;
        amount yen8; cardNumber ..26; cardExpire MM/YY; cardCenter [jcn|cafis]; acquirerCode ..2;
        jpo ..138; withCapture [true|false]; salesDay YYYYMMDD; itemCode ..7d; securityCode ..4d;
        birthday ..4d; tel ..4d; firstKanaName ..15; lastKanaName ..15; currencyUnit ..3;
        redirectionUri ..1024; firstPayment YYMM; bonusFirstPayment YYMM; mcAmount ..9;
        pushUrl ..256; browserDeviceCategory [0|1]; verifyResultLink [0|1|2];
        tempRegistration [0|1]; withFraudDetection [true|false]; verifyTimeout ..3d;
        deviceChannel [01|02|03]; accountType [01|02|03];
        authenticationIndicator [01|02|03|04|05|06|07]; messageCategory [01|02];
        cardholderName ..45; cardholderNameOmitFlag [true|false]; cardholderEmail ..254;
        cardholderHomePhoneCountry ..3d; cardholderHomePhoneNumber ..15d;
        cardholderMobilePhoneCountry ..3d; cardholderMobilePhoneNumber ..15d;
        cardholderWorkPhoneCountry ..3d; cardholderWorkPhoneNumber ..15d; billingAddressCity ..50;
        billingAddressCountry ..3d; billingAddressLine1 ..50; billingAddressLine2 ..50;
        billingAddressLine3 ..50; billingPostalCode ..16; billingAddressState ..3;
        shippingAddressCity ..50; shippingAddressCountry ..3d; shippingAddressLine1 ..50;
        shippingAddressLine2 ..50; shippingAddressLine3 ..50; shippingPostalCode ..16;
        shippingAddressState ..3; customerIp ..45; withChallenge [true|false]; authData ..2048;
        authMethod [01|02|03|04|05|06|07|08]; authTimestamp YYYYMMDDhhmm;
        accountAgeIndicator [01|02|03|04|05]; accountChangeDate YYYYMMDD;
        accountChangeIndicator [01|02|03|04]; accountDate YYYYMMDD;
        accountPasswordChangeDate YYYYMMDD; accountPasswordChangeIndicator [01|02|03|04|05];
        accountPurchaseCount ..4d; accountProvisioningAttempts ..3d; accountDayTransactions ..3d;
        accountYearTransactions ..3d; paymentAccountAge YYYYMMDD;
        paymentAccountAgeIndicator [01|02|03|04|05]; shipAddressUsageDate YYYYMMDD;
        shipAddressUsageIndicator [01|02|03|04]; shipNameIndicator [01|02];
        suspiciousAccountActivity [01|02]; requestorChallengeIndicator ..2d;
        deliveryEmailAddress ..254; preOrderPurchaseIndicator ..2d; reorderItemsIndicator ..2d;
        shipIndicator ..2d; mpiAcquirerCode ..2; exSlipInfo ..25; addressMatchIndicator [Y|N]
    """,
    "mpiGetResult": """
        orderId ..100
    """,
    "mpiReAuthorize": """
        serviceOptionType [mpi-none|mpi-complete|mpi-company|mpi-merchant]; orderId ..100;
        originalOrderId ..100; amount yen8; cardNumber ..26; cardExpire MM/YY;
        cardCenter [jcn|cafis]; acquirerCode ..2; jpo ..138; withCapture [true|false];
        salesDay YYYYMMDD; itemCode ..7d; securityCode ..4d; birthday ..4d; tel ..4d;
        firstKanaName ..15; lastKanaName ..15; currencyUnit ..3; redirectionUri ..1024;
        firstPayment YYMM; bonusFirstPayment YYMM; mcAmount ..9; pushUrl ..256;
        browserDeviceCategory [0|1]; verifyResultLink [0|1|2]; withFraudDetection [true|false];
        verifyTimeout ..3d; deviceChannel [01|02|03]; accountType [01|02|03];
        authenticationIndicator [01|02|03|04|05|06|07]; messageCategory [01|02];
        cardholderName ..45; cardholderNameOmitFlag [true|false]; cardholderEmail ..254;
        cardholderHomePhoneCountry ..3d; cardholderHomePhoneNumber ..15d;
        cardholderMobilePhoneCountry ..3d; cardholderMobilePhoneNumber ..15d;
        cardholderWorkPhoneCountry ..3d; cardholderWorkPhoneNumber ..15d; billingAddressCity ..50;
        billingAddressCountry ..3d; billingAddressLine1 ..50; billingAddressLine2 ..50;
        billingAddressLine3 ..50; billingPostalCode ..16; billingAddressState ..3;
        shippingAddressCity ..50; shippingAddressCountry ..3d; shippingAddressLine1 ..50;
        shippingAddressLine2 ..50; shippingAddressLine3 ..50; shippingPostalCode ..16;
        shippingAddressState ..3; customerIp ..45; withChallenge [true|false]; authData ..2048;
        authMethod [01|02|03|04|05|06|07|08]; authTimestamp YYYYMMDDhhmm;
        accountAgeIndicator [01|02|03|04|05]; accountChangeDate YYYYMMDD;
        accountChangeIndicator [01|02|03|04]; accountDate YYYYMMDD;
        accountPasswordChangeDate YYYYMMDD; accountPasswordChangeIndicator [01|02|03|04|05];
        accountPurchaseCount ..4d; accountProvisioningAttempts ..3d; accountDayTransactions ..3d;
        accountYearTransactions ..3d; paymentAccountAge YYYYMMDD;
        paymentAccountAgeIndicator [01|02|03|04|05]; shipAddressUsageDate YYYYMMDD;
        shipAddressUsageIndicator [01|02|03|04]; shipNameIndicator [01|02];
        suspiciousAccountActivity [01|02]; requestorChallengeIndicator ..2d;
        deliveryEmailAddress ..254; preOrderPurchaseIndicator ..2d; reorderItemsIndicator ..2d;
        shipIndicator ..2d; mpiAcquirerCode ..2; exSlipInfo ..25; addressMatchIndicator [Y|N]
    """,
}

MEMBERS: dict[str, str] = {
    "/payNowIdParam": """
        tanking [1|0]; memo1 ..256; memo2 ..256; memo3 ..256; freeKey ..256; receiptData b1024;
        token ..36
    """,
    "/payNowIdParam/accountParam": """
        accountId ..100; onetimeToken ..13d; onetimeTokenType ..1d; originalAccountId ..100;
        payNowId ..100; transData ..256
    """,
    "/payNowIdParam/accountParam/accountBasicParam": """
        createDate YYYYMMDD; deleteDate YYYYMMDD; forceDeleteDate [1|0]; deleteCardInfo [1|0];
        addCardInfo [1|0]; deleteOriginalAccountId [1|0]; defaultCardOnly [1|0];
        cleaningConfig [1|0]
    """,
    "/payNowIdParam/accountParam/cardParam": """
        cardId ..24; defaultCard [1|0]; defaultCardId ..24; updater [1|0]; cardNumber ..19d;
        cardExpire MM/YY; securityCode ..4d; cardholderName ..45; token ..36;
        cardNumberMaskType ..1d; withAuthorize [1|0]
    """,
    "/payNowIdParam/accountParam/recurringChargeParam": """
        groupId ..24; startDate YYYYMMDD; endDate YYYYMMDD; finalCharge [1|0]; oneTimeAmount yen8;
        amount yen8; recurringMemo1 ..100; recurringMemo2 ..100; recurringMemo3 ..100;
        useChargeOption [0|1]; salesDay YYYYMMDD; acquireCode ..2d
    """,
    "/payNowIdParam/chargeParam": """
        groupId ..24; groupName ..50; type [1|2]; oneTimeAmount yen8; amount yen8;
        chargeType [1|2]; schedule ..200; salesDay YYYYMMDD; acquireCode ..2d
    """,
    "/payNowIdParam/accountParam/bankAccountParam": """
        bankCode ..4d; branchCode ..3d; accountType [1|2|4|9]; accountNumber ..7d;
        accountManageType [0|1]; rejectBankAccount [0|1]
    """,
    "/payNowIdParam/orderParam": """
        originalOrderId ..100; cleaningMerchantId ..22
    """,
}
"""The member service and the token: objects within every command's request, by pointer."""
