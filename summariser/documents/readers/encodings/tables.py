"""The encodings that are read: the languages they are used for, their names, and what declared names mean."""

# The order decides between encodings that give the same characters.
LANGUAGES = {
    "cp1252": "ca da de en es et eu fi fr ga gl id is it ms nl no nb nn oc pt sv sq sw af lb",
    "cp1251": "ru uk bg be sr mk mn kk ky tg ba",
    "cp1250": "pl cs sk hu sl hr bs sr ro sq",
    "gb18030": "zh",
    "big5hkscs": "zh",
    "cp932": "ja",
    "euc_jp": "ja",
    "cp949": "ko",
    "koi8_r": "ru",
    "koi8_u": "uk",
    "cp866": "ru be",
    "cp855": "ru bg sr",
    "cp1253": "el",
    "cp1254": "tr az",
    "cp1255": "he yi",
    "cp1256": "ar fa ur",
    "cp1257": "lt lv et",
    "cp1258": "vi",
    "cp874": "th",
    "iso8859_2": "pl cs sk hu sl hr ro",
    "iso8859_4": "lv lt et",
    "iso8859_16": "ro pl hu hr sl",
    "iso8859_5": "ru bg sr",
    "iso8859_6": "ar",
    "iso8859_7": "el",
    "mac_roman": "da de en es fr it nl no pt sv",
    "mac_cyrillic": "ru uk bg sr mk",
    "mac_iceland": "is",
    "mac_greek": "el",
    "mac_turkish": "tr",
    "mac_latin2": "pl cs sk hu",
    "cp850": "de es fr it pt da no sv",
    "cp437": "de en es fr it",
    "cp860": "pt",
    "cp861": "is",
    "cp865": "da no",
    "cp852": "pl cs sk hu",
    "cp737": "el",
    "cp857": "tr",
    "cp862": "he",
    "cp720": "ar",
    "cp775": "lt lv et",
    "cp1125": "uk",
    "kz1048": "kk",
    "ptcp154": "kk",
    "johab": "ko",
    "cp037": "en nl pt",
    "cp273": "de",
    "cp500": "de en es fr it",
}
LETTERS = {  # the letters outside ASCII, for languages of which some encodings differ in few letters
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hu": "áéíóöőúüű",
    "sl": "čšž",
    "hr": "čćđšž",
    "bs": "čćđšž",
    "ro": "ăâîșțşţ",
    "de": "äöüßéèàáâêç",
    "pt": "áàâãçéêíóôõúüªº",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
}
RARE = frozenset(
    "mac_roman mac_cyrillic mac_greek mac_iceland mac_turkish mac_latin2 cp437 cp720 cp737 iso8859_4 iso8859_16 "
    "cp775 cp850 cp852 cp855 cp857 cp860 cp861 cp862 cp865 cp866 cp1125 kz1048 ptcp154 johab".split()
)
EBCDIC = frozenset({"cp037", "cp273", "cp500"})
NAMES = {
    "cp949": "EUC-KR",
    "cp932": "Shift JIS",
    "euc_jp": "EUC-JP",
    "big5hkscs": "Big5",
    "gb18030": "GB 18030",
    "cp874": "TIS-620",
    "mac_roman": "Mac Roman",
    "mac_cyrillic": "Mac Cyrillic",
    "mac_greek": "Mac Greek",
    "mac_latin2": "Mac Central European",
    "mac_turkish": "Mac Turkish",
    "kz1048": "KZ-1048",
    "johab": "Johab",
    "utf_16_le": "UTF-16-LE",
    "utf_16_be": "UTF-16-BE",
    "utf_32_le": "UTF-32-LE",
    "utf_32_be": "UTF-32-BE",
    "utf_8": "UTF-8",
    "utf_16": "UTF-16",
    "utf_32": "UTF-32",
}
MEANT = {  # what a declared encoding means in practice, as the Encoding Standard of the WHATWG has it
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}


def encoding_name(encoding: str) -> str:
    """Return the usual name of one of Python's encodings: "Windows-1252" for cp1252."""
    if encoding in NAMES:
        return NAMES[encoding]
    for prefix, usual in (("cp125", "Windows-125"), ("iso8859_", "ISO 8859-"), ("koi8_", "KOI8-"), ("cp", "CP")):
        if encoding.startswith(prefix):
            return (
                (usual + encoding.removeprefix(prefix)).upper()
                if prefix == "koi8_"
                else (usual + encoding.removeprefix(prefix))
            )
    return encoding.upper()
