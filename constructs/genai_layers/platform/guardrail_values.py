"""The closed choices of a guardrail, in the words of the service."""

from enum import StrEnum


class Strength(StrEnum):
    """How eagerly a content filter stops: HIGH stops even what is only a little likely to be harmful."""

    NONE = "NONE"
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class Harm(StrEnum):
    """What a content filter looks for."""

    SEXUAL = "SEXUAL"
    VIOLENCE = "VIOLENCE"
    HATE = "HATE"
    INSULTS = "INSULTS"
    MISCONDUCT = "MISCONDUCT"
    PROMPT_ATTACK = "PROMPT_ATTACK"


class Modality(StrEnum):
    """What a content filter reads."""

    TEXT = "TEXT"
    IMAGE = "IMAGE"


class Tier(StrEnum):
    """
    Which models judge.

    STANDARD knows more languages, typing errors and leaks of the prompt, and needs a cross-region profile.
    """

    CLASSIC = "CLASSIC"
    STANDARD = "STANDARD"


class Action(StrEnum):
    """What happens to a finding. ANONYMIZE is for personal data and patterns only."""

    BLOCK = "BLOCK"
    ANONYMIZE = "ANONYMIZE"
    NONE = "NONE"
    """Reports in the trace and lets pass."""


class PersonalDataType(StrEnum):
    """Personal data that the service recognizes. CloudFormation schema of 2026-10-20."""

    ADDRESS = "ADDRESS"
    AGE = "AGE"
    AWS_ACCESS_KEY = "AWS_ACCESS_KEY"
    AWS_SECRET_KEY = "AWS_SECRET_KEY"  # noqa: S105 - the name of a kind of secret, not a secret
    CA_HEALTH_NUMBER = "CA_HEALTH_NUMBER"
    CA_SOCIAL_INSURANCE_NUMBER = "CA_SOCIAL_INSURANCE_NUMBER"
    CREDIT_DEBIT_CARD_CVV = "CREDIT_DEBIT_CARD_CVV"
    CREDIT_DEBIT_CARD_EXPIRY = "CREDIT_DEBIT_CARD_EXPIRY"
    CREDIT_DEBIT_CARD_NUMBER = "CREDIT_DEBIT_CARD_NUMBER"
    DRIVER_ID = "DRIVER_ID"
    EMAIL = "EMAIL"
    INTERNATIONAL_BANK_ACCOUNT_NUMBER = "INTERNATIONAL_BANK_ACCOUNT_NUMBER"
    IP_ADDRESS = "IP_ADDRESS"
    LICENSE_PLATE = "LICENSE_PLATE"
    MAC_ADDRESS = "MAC_ADDRESS"
    NAME = "NAME"
    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a kind of secret, not a secret
    PHONE = "PHONE"
    PIN = "PIN"
    SWIFT_CODE = "SWIFT_CODE"
    UK_NATIONAL_HEALTH_SERVICE_NUMBER = "UK_NATIONAL_HEALTH_SERVICE_NUMBER"
    UK_NATIONAL_INSURANCE_NUMBER = "UK_NATIONAL_INSURANCE_NUMBER"
    UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER = "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER"
    URL = "URL"
    USERNAME = "USERNAME"
    US_BANK_ACCOUNT_NUMBER = "US_BANK_ACCOUNT_NUMBER"
    US_BANK_ROUTING_NUMBER = "US_BANK_ROUTING_NUMBER"
    US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER = "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER"
    US_PASSPORT_NUMBER = "US_PASSPORT_NUMBER"
    US_SOCIAL_SECURITY_NUMBER = "US_SOCIAL_SECURITY_NUMBER"
    VEHICLE_IDENTIFICATION_NUMBER = "VEHICLE_IDENTIFICATION_NUMBER"


BLOCKED_PERSONAL_DATA = frozenset(
    {
        PersonalDataType.AWS_ACCESS_KEY,
        PersonalDataType.AWS_SECRET_KEY,
        PersonalDataType.CA_HEALTH_NUMBER,
        PersonalDataType.CA_SOCIAL_INSURANCE_NUMBER,
        PersonalDataType.CREDIT_DEBIT_CARD_CVV,
        PersonalDataType.CREDIT_DEBIT_CARD_NUMBER,
        PersonalDataType.INTERNATIONAL_BANK_ACCOUNT_NUMBER,
        PersonalDataType.PASSWORD,
        PersonalDataType.PIN,
        PersonalDataType.UK_NATIONAL_HEALTH_SERVICE_NUMBER,
        PersonalDataType.UK_NATIONAL_INSURANCE_NUMBER,
        PersonalDataType.UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER,
        PersonalDataType.US_BANK_ACCOUNT_NUMBER,
        PersonalDataType.US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER,
        PersonalDataType.US_PASSPORT_NUMBER,
        PersonalDataType.US_SOCIAL_SECURITY_NUMBER,
    }
)
"""Stopped by default: whoever holds one of these can act as its owner, and no honest answer needs it."""

MASKED_PERSONAL_DATA = frozenset(
    {
        PersonalDataType.ADDRESS,
        PersonalDataType.CREDIT_DEBIT_CARD_EXPIRY,
        PersonalDataType.DRIVER_ID,
        PersonalDataType.EMAIL,
        PersonalDataType.LICENSE_PLATE,
        PersonalDataType.MAC_ADDRESS,
        PersonalDataType.PHONE,
        PersonalDataType.SWIFT_CODE,
        PersonalDataType.US_BANK_ROUTING_NUMBER,
        PersonalDataType.USERNAME,
        PersonalDataType.VEHICLE_IDENTIFICATION_NUMBER,
    }
)
"""
Masked by default: they reach a person, and an answer stays useful without them.

Left alone by default are NAME, AGE, URL and IP_ADDRESS: ordinary documents are full of them, and an answer
that masks the author or the address of its source helps nobody. `SensitiveInformation.strict()` masks them too.
"""
