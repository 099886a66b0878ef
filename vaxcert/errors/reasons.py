"""The stable codes of everything that is not as it should be. Their words stand in `vaxcert.wording`."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a check failed, could not be decided or was skipped, or what a warning is about."""

    # format
    FORMAT_UNKNOWN = "format_unknown"
    FORMAT_UNSUPPORTED = "format_unsupported"
    NOT_A_CERTIFICATE = "not_a_certificate"
    KEYBOARD_LAYOUT = "keyboard_layout"
    TEXT_TOO_LONG = "text_too_long"
    # encoding
    BASE45_INVALID = "base45_invalid"
    # compression
    COMPRESSION_INVALID = "compression_invalid"
    INFLATED_TOO_LARGE = "inflated_too_large"
    # envelope
    CBOR_INVALID = "cbor_invalid"
    COSE_INVALID = "cose_invalid"
    # key
    KEY_UNKNOWN = "key_unknown"
    KEY_ID_MISSING = "key_id_missing"
    TOO_MANY_KEYS = "too_many_keys"
    TRUST_LIST_STALE = "trust_list_stale"
    CLOCK_ROLLED_BACK = "clock_rolled_back"
    CLOCK_SUSPECT = "clock_suspect"
    # signature
    SIGNATURE_INVALID = "signature_invalid"
    ALGORITHM_NOT_ALLOWED = "algorithm_not_allowed"
    # usage
    USAGE_NOT_ALLOWED = "usage_not_allowed"
    FORMAT_NOT_ALLOWED = "format_not_allowed"
    SIGNER_COUNTRY_DIFFERS = "signer_country_differs"
    # validity
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    SIGNER_EXPIRED = "signer_expired"
    SIGNER_NOT_YET_VALID = "signer_not_yet_valid"
    ISSUED_OUTSIDE_SIGNER_VALIDITY = "issued_outside_signer_validity"
    # content
    CONTENT_INVALID = "content_invalid"
    CONTENT_UNKNOWN = "content_unknown"
    CONTENT_EMPTY = "content_empty"
    # revocation
    REVOKED = "revoked"
    SITE_REVOKED = "site_revoked"
    KEY_REVOKED = "key_revoked"
    # rules
    TEST_POSITIVE = "test_positive"
    EVENT_BEFORE_BIRTH = "event_before_birth"
    EVENT_IN_FUTURE = "event_in_future"
    RECOVERY_NOT_YET_VALID = "recovery_not_yet_valid"
    RECOVERY_EXPIRED = "recovery_expired"
    # skipped check
    NOT_CONFIGURED = "not_configured"
    NOT_REACHED = "not_reached"
    # warning
    ALGORITHM_UNPROTECTED = "algorithm_unprotected"
    PRODUCT_HOLDER_MISMATCH = "product_holder_mismatch"
    CODE_DEPRECATED = "code_deprecated"
    TEST_RESULT_UNKNOWN = "test_result_unknown"
    # left-out key
    CERTIFICATE_INVALID = "certificate_invalid"
    KEY_TYPE_UNSUPPORTED = "key_type_unsupported"
    KEY_WEAK = "key_weak"
    ISSUING_AUTHORITY = "issuing_authority"
    PRIVATE_KEY_PRESENT = "private_key_present"
    ENVIRONMENT_DIFFERS = "environment_differs"
    DUPLICATE = "duplicate"
    CHAIN_INVALID = "chain_invalid"
    CRITICAL_EXTENSION_UNKNOWN = "critical_extension_unknown"
    # input: a value of a row, of a record or of an argument
    MISSING = "missing"
    EMPTY = "empty"
    NOT_IMPLIED = "not_implied"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    UNPRINTABLE = "unprintable"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    NOT_A_BIRTH_DATE = "not_a_birth_date"
    YEAR_IMPOSSIBLE = "year_impossible"
    IN_THE_FUTURE = "in_the_future"
    BEFORE_BIRTH = "before_birth"
    AFTER_A_DOSE = "after_a_dose"
    COUNTRY_INVALID = "country_invalid"
    SITE_INVALID = "site_invalid"
    NO_TRANSLITERATION = "no_transliteration"
    TRANSLITERATION_INVALID = "transliteration_invalid"
    SAME_DOSE_AS_ROW = "same_dose_as_row"
    NO_SUCH_GROUP = "no_such_group"
    NO_DIGITS = "no_digits"
    NOT_ENOUGH_GIVEN = "not_enough_given"
    NOT_ONE_OF = "not_one_of"
    NOT_POSITIVE = "not_positive"
    TOO_SMALL = "too_small"
    NOT_AN_OBJECT = "not_an_object"
    NOT_A_TEXT = "not_a_text"
    FIELD_UNKNOWN = "field_unknown"
    NOT_VALID = "not_valid"
    NO_FIT = "no_fit"
    FAULT = "fault"
    NOTHING_TO_CHANGE = "nothing_to_change"
    # setting: what the operator set up or asked for
    SETTING_INVALID = "setting_invalid"
    FORM_UNKNOWN = "form_unknown"
    COLUMNS_UNCLEAR = "columns_unclear"
    ROW_INVALID = "row_invalid"
    COMPONENT_MISSING = "component_missing"
    ALREADY_THERE = "already_there"
    OUTPUT_NEEDED = "output_needed"
    IN_USE = "in_use"
    NOT_READABLE = "not_readable"
    NOT_WRITABLE = "not_writable"
    PASSPHRASE_NEEDED = "passphrase_needed"  # noqa: S105  (a code, not a passphrase)
    PASSPHRASE_WRONG = "passphrase_wrong"  # noqa: S105
    PASSPHRASE_WEAK = "passphrase_weak"  # noqa: S105
    KEY_DIFFERS = "key_differs"
    KEY_UNFIT = "key_unfit"
    SIGNATURE_UNASKED = "signature_unasked"
    CHANGED_MEANWHILE = "changed_meanwhile"
    BUILT_UPON = "built_upon"
    TOO_LARGE = "too_large"
    VERSION_LATER = "version_later"
    UNFINISHED = "unfinished"
    NOTHING_USABLE = "nothing_usable"
    WORKERS_LOST = "workers_lost"
    # damaged
    DATA_DAMAGED = "data_damaged"
    NOT_AUTHENTIC = "not_authentic"
    ROLLED_BACK = "rolled_back"
    AUDIT_LOG_CHANGED = "audit_log_changed"
    # not there
    NOT_FOUND = "not_found"
    NO_SUCH_RECORD = "no_such_record"
    # not reachable
    UNREACHABLE = "unreachable"
    # picture
    IMAGE_UNREADABLE = "image_unreadable"
    PICTURE_TYPE_UNSUPPORTED = "picture_type_unsupported"
