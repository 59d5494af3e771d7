"""Bad cases and names by what is wrong with them: texts that are no JSON, and JSON that is no case."""

from __future__ import annotations

TEXTS: dict[str, bytes] = {
    "nothing": b"", "a blank": b" ", "a brace": b"{", "a list": b"[]", "a number": b"3", "a text": b'"x"',
    "null": b"null", "deep lists": b"[" * 200_000, "deep objects": b'{"age":' * 200_000,
    "NaN": b'{"age": NaN}', "infinity": b'{"annual_income": Infinity}', "1e999": b'{"annual_income": 1e999}',
    "many digits": b'{"age": ' + b"9" * 10_000 + b"}", "400 digits": b'{"annual_income": 1' + b"0" * 400 + b"}",
    "twice": b'{"age": 1, "age": 2}', "twice within": b'{"money": {"hsa": true, "hsa": false}}',
    "a mark alone": b"\xef\xbb\xbf", "null characters": b'{"\x00age": 1}', "half a letter": b'{"state": "\xc3"}',
    "a lone half": b'{"coverages": [{"kind": "employer", "payer": "\\ud800"}]}', "UTF-16": '{"age": 4}'.encode("utf-16"),
    "a comma too many": b'{"age": 4,}', "single quotes": b"{'age': 4}", "two objects": b"{}{}", "all bytes": bytes(range(256)) * 40,
    "a comment": b'{"age": 4} // years', "3 MB": b'{"x": "' + b"y" * 3_000_000 + b'"}',
}  # fmt: skip

CASES: dict[str, object] = {
    "an unknown field": {"agge": 4}, "100,000 unknown fields": {f"k{i}": 1 for i in range(100_000)},
    "a field of 1 MB": {"k" * 1_000_000: 1}, "a word of 1 MB": {"state": "x" * 1_000_000},
    "words of 1 MB": {"diagnosis": "x " * 500_000}, "below zero": {"age": -1}, "half a year": {"age": 4.5},
    "yes as a number": {"age": True}, "a list as a text": {"state": ["TX"]}, "30,000 coverages": {"coverages": [{}] * 30_000},
    "30,000 wrong kinds": {"coverages": [{"kind": f"x{i}"} for i in range(30_000)]},
    "20,000 scores": {"severity": [{"scale": "phq9", "score": 5}] * 20_000},
    "100,000 diagnoses": {"other_diagnoses": ["ptsd"] * 100_000}, "20,000 treatments": {"treatments": [{"treatment": "sertraline"}] * 20_000},
    "codes of 1 MB": {"denial": {"codes": "CO-1, " * 160_000 + "?"}}, "5,000 codes": {"denial": {"codes": [f"N{i}" for i in range(5_000)]}},
    "a payer of 1 MB": {"coverages": [{"kind": "employer", "payer": "x" * 1_000_000}]},
    "the 10^30th coverage": {"denial": {"coverage": 10**30}}, "no such coverage": {"coverages": [], "denial": {"coverage": 1}},
    "a day of 1970": {"denial": {"notice_date": 0}}, "February 30": {"denial": {"notice_date": "2026-02-30"}},
    "tomorrow": {"denial": {"notice_date": "2026-11-29"}}, "the year 9999": {"denial": {"notice_date": "9999-12-31"}},
    "received before it was written": {"denial": {"notice_date": "2026-11-01", "received_date": "2026-01-05"}},
    "an approval turned round": {"authorization": {"start": "2026-11-01", "end": "2026-01-01"}},
    "a coverage turned round": {"coverages": [{"starts": "2026-11-01", "ends": "2026-01-01"}]},
    "sent before the letter": {"denial": {"notice_date": "2026-11-01"}, "appeal": {"sent_date": "2026-10-01"}},
    "an income without end": {"annual_income": 10**300}, "a month 13": {"birth_month": "1980-13"},
    "an unknown medicine": {"treatments": [{"treatment": "sertralin"}]}, "an object as a list": {"coverages": {"kind": "employer"}},
}  # fmt: skip

NAMES: dict[str, object] = {
    "1 MB": {"patient_name": "A" * 1_000_000}, "every part 1 KB": {"patient_name": "A" * 1_000, "clinic_name": "B" * 1_000},
    "an object": {"patient_name": {"first": "Ada"}}, "a list": ["Ada"], "a text": "Ada", "yes": {"patient_name": True},
    "unknown parts": {f"k{i}": "x" for i in range(20_000)}, "no minutes": {"session_minutes": "soon"}, "no day": {"date_of_service": "soon"},
}  # fmt: skip
