"""Codes that are none of ours, by what they are: certificates of other systems, and what is no certificate."""

import json

BASE45 = "6BFOXN%TSMAHN-H+QC%2QOYE5U8L3SFBJAJ*0TXG4PANMPM:X7WJUJQA" * 3
SYSTEMS = {
    "smart_health_card": [
        "shc:/" + "56" * 200,
        "shc:/2/3/" + "56" * 200,
        "SHC:/" + "56" * 200,
        "https://viewer.example/#shc:/5676",
    ],
    "smart_health_link": ["shlink:/eyJ1cmwiOiJ4In0", "https://viewer.example/ips#shlink:/eyJ1cmwiOiJ4In0"],
    "vhl": ["vhlink:/eyJ1cmwiOiJ4In0", "https://health.example/v#vhlink:/eyJ1cmwiOiJ4In0"],
    "nz_covid_pass": ["NZCP:/1/2KCEVIQEIVVWK6JNGEASNICZAEP2KALYDZSGSZB2O5SWEOTOPJRX"],
    "divoc": ["PK\x03\x04\x14\0\b\0certificate.json", "UEsDBBQACAAIAAAAAAAAAAAAAAAA", "B64:UEsDBBQACAAIAAAAAAAA"],
    "2d_doc": ["DC04DHI0TST11E331E33B201FR", "DC03FR000001123F1636"],
    "foreign_dcc": ["HC2:" + BASE45, "LT1:" + BASE45, "NL2:" + BASE45, "DCC1:"[1:] + BASE45],
    "openid_credential": ["openid-credential-offer://?credential_offer_uri=x"],
    "signed_token": ["eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL3gifQ.MEUCIQDx"],
    "vds_nc": [
        json.dumps({"data": {"hdr": {"is": "UTO", "t": "icao.vacc", "v": 1}}, "sig": {}}),
        json.dumps({"sig": {"alg": "ES256", "x": "y" * 900}, "data": {"hdr": {"t": "icao.test"}}}),
    ],
    "verifiable_credential": [json.dumps({"id": "x" * 500, "@context": ["https://www.w3.org/2018/credentials/v1"]})],
}
OTHERS = {
    "identity_card": [
        "001099000001|123456789|Nguyễn Mẫu Thử|17051990|Nam|Thôn Mẫu, Xã Thử|01012021",
        "001099000001||NGUYEN MAU THU|17051990|Nam|Thon Mau|01012021||Cha Mau|Me Mau",
        "@\n\x1e\rANSI 636000100002DL00410278ZV",
    ],
    "insurance_card": [
        "DN4797912345678|4e677579e1bb856e|17/05/1990|1|48c3a0|79 - 001|C|01/01/2026|-|",
        "HC1797912345678|4e677579e1bb856e20566964|17/05/1990|1|48c3a0|79 - 001|C|01/01/2026|-|",
    ],
    "travel_document": ["P<UTOMAU<<THU<HAI<<<<<<<<<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159"],
    "boarding_pass": ["M1MAU/THU             EABC123 HANSGNVN 0834 326J001A0025 100"],
    "ticket": ["#UT010080000010" + "0" * 40],
    "vietqr": ["00020101021138570010A00000072701270006970403011200110123456789020208QRIBFTTA53037045802VN6304F4E5"],
    "payment": [
        "00020101021126330010com.example0108123456785204",
        "upi://pay?pa=a@b",
        "BCD\n002\n1\nSCT",
        "bitcoin:1BoatSLR",
    ],
    "wifi": ["WIFI:T:WPA;S:quan-ca-phe;P:matkhau;;", "wifi:S:x;;"],
    "contact": ["BEGIN:VCARD\nVERSION:3.0", "MECARD:N:Mau;;"],
    "event": ["BEGIN:VEVENT\nSUMMARY:x"],
    "message": ["smsto:0900000000:x", "mailto:a@b.example", "tel:+84900000000"],
    "place": ["geo:21.03,105.85"],
    "login": ["otpauth://totp/x?secret=y"],
    "link": [
        "https://health.example/card?id=1",
        "HTTP://HEALTH.EXAMPLE/A",
        "www.health.example",
        "suckhoe.example.vn/tra-cuu",
        "zalo://qr/x",
    ],
    "product": ["8934567890123", "0108934567890123172612311021A01", "(01)08934567890123"],
}
