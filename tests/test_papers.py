"""Letters, requests and sheets: each opened again as PDF and Word file and read."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
import typst
import yaml
from docx import Document
from pypdf import PdfReader

from rules import evaluate, load_rules, read_case
from rules.case import Case
from rules.documents import (
    Names,
    Offer,
    Paper,
    context_of,
    docx,
    grouped,
    make_paper,
    make_worksheet,
    markdown,
    papers_for,
    pdf,
    write_papers,
    zip_papers,
)
from rules.documents.blocks import Bullets, Checklist, Heading, LineBlock, Note, Numbered, Paragraph
from rules.documents.context import KINDS
from rules.documents.template import TemplateError, load_templates
from rules.result import Result
from tests.paper_cases import ADA, BO, COVERS, CY, PEOPLE, REASONS, TODAY, Person, case_of

BOOK = load_rules()
TEMPLATES = load_templates()
MOST_GRADE = 8.0
PROMISES = re.compile(r"guarantee|you are eligible|will be covered|will be approved", re.I)
LEFT_OVER = re.compile(r"[{}]|TODO|\bNone\b|\bnan\b|\[\s*\]|\.\.")

# What each paper must say of its case; typed by hand, paper by paper.
FACTS = {
    "appeal_level_1": "name member plan treatment diagnosis drug score notice reason codes",
    "appeal_level_2": "name member plan treatment diagnosis drug score notice reason",
    "authorized_representative": "name member plan treatment",
    "call_log": "name",
    "claim_file_request": "name member plan treatment notice",
    "clinic_code_note": "treatment diagnosis codes today",
    "eob_review_guide": "plan notice",
    "expedited_appeal": "name member plan treatment diagnosis drug score notice",
    "external_review_request": "name member plan treatment drug score notice reason",
    "fehb_appeal": "name member plan treatment drug score notice reason",
    "financial_assistance_application": "name treatment",
    "formulary_exception": "name member plan treatment diagnosis drug score",
    "gap_exception_request": "name member plan treatment diagnosis price",
    "good_faith_estimate_request": "name treatment price",
    "insurer_phone_script": "name member plan treatment diagnosis codes",
    "late_appeal_request": "name member plan treatment",
    "letter_of_medical_necessity": "name member plan treatment diagnosis drug score age",
    "letter_of_medical_necessity_depression_iv": "name treatment diagnosis drug score age codes",
    "letter_of_medical_necessity_depression_spravato": "name member plan treatment diagnosis drug score age codes",
    "letter_of_medical_necessity_hsa_fsa": "name treatment diagnosis drug",
    "letter_of_medical_necessity_pain": "name member plan treatment diagnosis drug score age codes",
    "manufacturer_program_application": "name state plan",
    "medicaid_fair_hearing": "name member treatment diagnosis drug score notice reason",
    "medicaid_plan_appeal": "name member treatment diagnosis drug score notice reason",
    "medical_exception": "name member plan treatment diagnosis drug score age",
    "medicare_abn": "treatment price",
    "medicare_council_request": "name member treatment diagnosis drug score notice codes",
    "medicare_hearing_request": "name member treatment diagnosis drug score notice codes",
    "medicare_reconsideration": "name member treatment diagnosis drug score notice",
    "medicare_redetermination": "name member treatment diagnosis drug score notice",
    "oon_claim_submission": "name member plan treatment",
    "parity_disclosure_request": "name member plan treatment diagnosis",
    "peer_to_peer": "name member plan treatment diagnosis drug score",
    "plan_documents_request": "name member treatment",
    "ppdr_initiation": "name state treatment",
    "prior_authorization_packet": "name member plan treatment diagnosis drug dose weeks score codes",
    "records_request_hipaa": "name drug",
    "referral": "name member treatment diagnosis drug score age",
    "regulator_complaint": "name member plan treatment notice reason",
    "single_case_agreement": "name member plan treatment diagnosis price",
    "step_therapy_exception": "name member plan treatment diagnosis drug score",
    "superbill": "name treatment codes",
    "treatment_history_table": "name diagnosis drug dose weeks score",
    "tricare_appeal": "name member treatment diagnosis drug score notice",
    "tricare_formal_review": "name member treatment diagnosis drug score notice",
    "tricare_hearing_request": "name member treatment diagnosis drug score notice",
    "tricare_second_reconsideration": "name member treatment diagnosis drug score notice",
    "va_clinical_appeal": "name treatment diagnosis drug score notice",
}


LATE_WORDS = {
    "medicare_late": "May 4, 2026",
    "advantage_late": "August 3, 2026",
    "fehb_late": "April 6, 2026",
}

REASON_WORDS = {
    "step_therapy": "other treatments must be tried first (step therapy)",
    "experimental": "it is experimental or investigational",
    "not_medically_necessary": "it is not medically necessary",
}


@lru_cache(maxsize=100)
def told(cover: str, person: Person) -> tuple[Case, Result, tuple[Offer, ...]]:
    case = read_case(case_of(cover, person))
    result = evaluate(case, today=TODAY)
    return case, result, papers_for(case, result, BOOK)


@lru_cache(maxsize=1)
def fitting() -> dict[str, list[tuple[str, Person, Offer]]]:
    """For each paper three fitting cases, of three people and of as many covers as there are."""
    found: dict[str, list[tuple[str, Person, Offer]]] = {}
    for turn in range(len(PEOPLE)):
        for i, cover in enumerate(COVERS):
            person = PEOPLE[(i + turn) % len(PEOPLE)]
            for offer in told(cover, person)[2]:
                if offer.path is None:
                    found.setdefault(offer.id, []).append((cover, person, offer))
    return {paper: _spread(cases) for paper, cases in found.items()}


def _spread(cases: list[tuple[str, Person, Offer]]) -> list[tuple[str, Person, Offer]]:
    chosen: list[tuple[str, Person, Offer]] = []
    for fresh in (True, False):
        for cover, person, offer in cases:
            covers, people = {c for c, _, _ in chosen}, {p for _, p, _ in chosen}
            if person not in people and (not fresh or cover not in covers):
                chosen.append((cover, person, offer))
    return chosen


def names_of(person: Person) -> Names:
    return Names(patient_name=person.name, member_id=person.member, clinician_name="Dr. Iris Vale")


def make(cover: str, person: Person, paper: str, names: Names | None = None) -> Paper:
    case, result, _ = told(cover, person)
    return make_paper(paper, case, result, BOOK, names or names_of(person))


def sheet_of(cover: str, person: Person, paper: str) -> Paper | None:
    case, result, _ = told(cover, person)
    return make_worksheet(paper, case, result, BOOK, names_of(person))


def pdf_text(data: bytes) -> str:
    return squeeze(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


def docx_text(data: bytes) -> str:
    """All text of a Word file, in order, tables included."""
    body = Document(io.BytesIO(data)).element.body
    words = []
    for paragraph in body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"):
        words.append("".join(t.text or "" for t in paragraph.iter() if t.tag.endswith("}t")))
    return squeeze(" ".join(words))


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def bare(text: str) -> str:
    """Text for finding a fact again wherever its line was broken."""
    return re.sub(r"\s+", "", text).lower()


def plain(text: str) -> str:
    """Markdown without its escapes."""
    return squeeze(re.sub(r"\\(.)", r"\1", text))


def facts_of(cover: str, person: Person, paper: str) -> dict[str, str]:
    coverage, request, diagnosis, _ = COVERS[cover]
    case, result, _ = told(cover, person)
    context = context_of(paper, case, result, BOOK)
    treatments = {
        "esketamine": "esketamine nasal spray",
        "iv_ketamine": "ketamine infusion",
        "oral_ketamine": "ketamine",
    }
    payers = {
        "unitedhealthcare": "UnitedHealthcare",
        "cigna": "Cigna",
        "humana": "Humana",
        "fep": "Federal Employee",
    }
    diagnoses = {
        "treatment_resistant_depression": "treatment-resistant depression",
        "crps": "complex regional pain syndrome",
        "ptsd": "post-traumatic stress disorder",
        "anxiety": "anxiety",
    }
    bundled = cover.startswith(("medicare", "advantage", "tricare"))
    codes = {
        "esketamine": "G2083" if bundled else "J0013",
        "iv_ketamine": "" if cover == "va" else "96365",  # no claim goes to a VA facility
        "oral_ketamine": "",
    }
    icd = {
        "treatment_resistant_depression": "F33.2",
        "crps": "G90.511",
        "ptsd": "F43.1",
        "anxiety": "F41",
    }
    payer = (coverage or {}).get("payer")
    return {
        "name": person.name,
        "member": person.member,
        "plan": payers[payer] if payer else context.plan_name,
        "treatment": treatments[request],
        "diagnosis": diagnoses[diagnosis],
        "diagnosis_code": icd[diagnosis],
        "drug": person.drug_name,
        "dose": f"{person.dose} mg a day",
        "weeks": f"{person.weeks} weeks",
        "score": f"{person.score} of 27",
        "age": f"{person.age} years old",
        "notice": LATE_WORDS.get(cover, person.noticed_words),
        "price": f"${person.price}",
        "codes": codes[request],
        "state": person.state_name,
        "reason": REASON_WORDS[REASONS[person]],
        "today": "November 22, 2026",
    }


def test_every_paper_is_listed_here_and_fits_three_people() -> None:
    assert set(FACTS) == set(TEMPLATES)
    assert {p: len(c) for p, c in fitting().items() if len(c) < 3} == {}
    assert set(fitting()) == set(TEMPLATES)


@pytest.mark.parametrize("paper", sorted(FACTS))
def test_a_paper_says_what_is_true_of_its_case_in_pdf_word_and_markdown(paper: str) -> None:
    for cover, person, _ in fitting()[paper]:
        made = make(cover, person, paper)
        facts = facts_of(cover, person, paper)
        for kind, text in {
            "pdf": pdf_text(pdf(made)),
            "docx": docx_text(docx(made)),
            "markdown": plain(markdown(made)),
        }.items():
            for fact in FACTS[paper].split():
                assert bare(facts[fact]) in bare(text), (kind, paper, cover, fact, facts[fact])
            assert not LEFT_OVER.search(text), (kind, paper, cover, LEFT_OVER.findall(text))
            assert not PROMISES.search(text), (kind, paper, cover)
            for other in PEOPLE:
                if other is not person:
                    assert [m for m in other.marks if m in text] == [], (kind, paper, cover)


@pytest.mark.parametrize("paper", sorted(FACTS))
def test_a_pdf_is_tagged_for_us_letter_with_title_and_language(paper: str) -> None:
    cover, person, _ = fitting()[paper][0]
    made = make(cover, person, paper)
    reader = PdfReader(io.BytesIO(pdf(made)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert str(root["/Lang"]).startswith("en")  # type: ignore[index]
    assert "/StructTreeRoot" in root  # type: ignore[operator]
    assert reader.metadata is not None
    assert reader.metadata.title == made.title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()  # type: ignore[index]
    assert {(float(p.mediabox.width), float(p.mediabox.height)) for p in reader.pages} == {
        (612, 792)
    }


def test_the_standard_is_really_checked() -> None:
    made = make("insured", ADA, "call_log")
    broken = replace(made, blocks=(Heading("Too deep", 3), *made.blocks))
    with pytest.raises(typst.TypstError, match="heading level"):
        pdf(broken)


@pytest.mark.parametrize("paper", ["appeal_level_1", "prior_authorization_packet"])
def test_a_word_file_has_real_headings_header_rows_and_a_title(paper: str) -> None:
    made = make("insured", ADA, paper)
    document = Document(io.BytesIO(docx(made)))
    assert document.core_properties.title == made.title
    titles = [made.title] if made.form != "letter" else []
    headings = [
        p.text
        for p in document.paragraphs
        if p.style is not None and p.style.name.startswith("Heading")
    ]
    assert headings == [*titles, *(b.text for b in made.blocks if isinstance(b, Heading))]
    grids = [t for t in document.tables if len(t.columns) > 1]
    assert all("w:tblHeader" in t.rows[0]._tr.xml for t in grids)
    section = document.sections[0]
    assert (round(section.page_width.inches, 2), round(section.page_height.inches, 2)) == (8.5, 11)  # type: ignore[union-attr]


# --- what a letter may claim ----------------------------------------------------------------------


def both(cover: str, person: Person, paper: str) -> tuple[str, str]:
    """The letter, and the sheet for who signs it."""
    case, result, _ = told(cover, person)
    sheet = make_worksheet(paper, case, result, BOOK, names_of(person))
    assert sheet is not None
    return plain(markdown(make(cover, person, paper))), plain(markdown(sheet))


def test_a_letter_claims_only_what_is_met_and_lists_the_rest_for_the_clinician() -> None:
    paper = "letter_of_medical_necessity_depression_spravato"
    letter, sheet = both("insured", ADA, paper)
    context = context_of(paper, *told("insured", ADA)[:2], BOOK)
    assert context.criteria_met
    assert context.points_missing
    for row in context.criteria_met:
        assert f"| {row.text} | {row.shown} |" in letter
    for point in (*context.points_missing, *context.points_open):
        assert point.text not in letter
        assert point.text in sheet


def test_what_a_clinician_signs_is_checked_on_a_sheet_of_its_own_and_carries_no_caveat() -> None:
    for paper, template in TEMPLATES.items():
        if template.audience == "clinician" and template.form == "letter":
            cover, person, _ = fitting()[paper][0]
            letter, sheet = both(cover, person, paper)
            assert "Check every line against the chart" in sheet, paper
            for caveat in ("Nobody", "not seen", "drafted from", "legal advice", "may be a plan"):
                assert caveat not in letter, (paper, caveat)


def test_a_letter_for_iv_ketamine_tells_the_label_and_the_sheet_tells_the_contrary_evidence() -> (
    None
):
    letter, sheet = both("self_funded_iv", ADA, "letter_of_medical_necessity_depression_iv")
    assert "off-label" in letter
    assert "ELEKT-D" in letter
    assert "KARMA" not in letter
    assert "KARMA" in sheet
    assert "Cochrane" not in letter + sheet  # that review is about pain


def test_a_letter_for_pain_rests_on_pain_guidelines_and_the_sheet_names_the_contrary_review() -> (
    None
):
    letter, sheet = both("pain", ADA, "letter_of_medical_necessity_pain")
    assert "ASRA" in letter
    assert "ELEKT-D" not in letter + sheet
    assert "Cochrane" not in letter
    assert "Cochrane" in sheet


def test_an_article_about_a_payer_is_never_called_its_policy() -> None:
    for cover in COVERS:
        case, result, _ = told(cover, ADA)
        name = context_of("prior_authorization_packet", case, result, BOOK).policy_name
        assert "Lumin" not in name  # an article of a clinic
        assert "Does " not in name


def test_what_was_told_of_suicide_is_never_quoted_to_a_payer() -> None:
    data = case_of("insured", ADA) | {"suicidal_thoughts": "active"}
    case = read_case(data)
    result = evaluate(case, today=TODAY)
    for paper in ("appeal_level_1", "letter_of_medical_necessity_depression_spravato"):
        text = plain(markdown(make_paper(paper, case, result, BOOK)))
        assert "I think about ending my life" not in text
    sheet = make_worksheet("appeal_level_1", case, result, BOOK)
    assert sheet is not None
    assert "988" in plain(markdown(sheet))
    assert "988" not in plain(markdown(make_paper("appeal_level_1", case, result, BOOK)))


@pytest.mark.parametrize(
    ("state", "payer", "addressee"),
    [
        ("TX", "hcsc", "Blue Cross Blue Shield of Texas"),
        ("MT", "hcsc", "Blue Cross Blue Shield of Montana"),
        ("GA", "hcsc", "HCSC"),
        ("TX", "aetna", "Aetna"),
        ("TX", "A plan that nobody knows", "A plan that nobody knows"),
    ],
)
def test_a_letter_is_addressed_to_the_company_of_the_state(
    state: str, payer: str, addressee: str
) -> None:
    data = case_of("insured", ADA) | {"state": state}
    data["coverages"] = [{**data["coverages"][0], "payer": payer}]
    case = read_case(data)
    letter = make_paper("appeal_level_1", case, evaluate(case, today=TODAY), BOOK)
    lines = [b.rows for b in letter.blocks if isinstance(b, LineBlock) and b.kind == "address"]
    assert lines[0][0][1] == addressee


# --- law, codes, dates ------------------------------------------------------------------------------


def test_state_step_therapy_law_is_cited_only_where_it_reaches_the_plan() -> None:
    reached = plain(markdown(make("insured", ADA, "step_therapy_exception")))
    law = BOOK.states["TX"].step_therapy
    assert law is not None
    assert law.law is not None
    assert law.law in reached
    self_funded = case_of("insured", ADA)
    self_funded["coverages"][0] = {
        **self_funded["coverages"][0],
        "funding": "self_funded",
        "employees": "100_or_more",
    }
    case = read_case(self_funded)
    text = plain(
        markdown(make_paper("step_therapy_exception", case, evaluate(case, today=TODAY), BOOK))
    )
    assert law.law not in text
    assert "under the plan’s own exception process" in text


def test_a_law_that_nobody_has_checked_is_named_to_the_clinician_and_its_details_stay_out() -> None:
    law = BOOK.states["NM"].step_therapy
    assert law is not None
    assert law.confidence == "recalled", "choose another state for this test"
    case = read_case(case_of("insured", ADA) | {"state": "NM"})
    result = evaluate(case, today=TODAY)
    letter = plain(markdown(make_paper("step_therapy_exception", case, result, BOOK)))
    sheet = make_worksheet("step_therapy_exception", case, result, BOOK)
    assert sheet is not None
    assert "from memory" not in letter
    assert "not checked" not in letter
    shown = plain(markdown(sheet))
    assert law.law
    assert law.law in shown
    assert "Read the law itself before you rest on it" in shown


def test_codes_are_those_in_force_on_the_day_and_of_the_payer() -> None:
    case, _, _ = told("insured", ADA)
    now = context_of("clinic_code_note", case, evaluate(case, today=TODAY), BOOK)
    assert "J0013" in {c.code for c in now.codes}
    assert "S0013" in {c.code for c in now.codes_wrong}
    before = dt.date(2025, 12, 31)
    early = read_case(
        case_of("insured", ADA) | {"denial": None, "severity": None, "stage": "preparing"}
    )
    then = context_of("clinic_code_note", early, evaluate(early, today=before), BOOK)
    assert "S0013" not in {c.code for c in now.codes}
    assert "J0013" not in {c.code for c in then.codes}
    medicare = context_of("clinic_code_note", *told("medicare", ADA)[:2], BOOK)
    assert {"G2082", "G2083"} <= {c.code for c in medicare.codes}
    assert "J0013" not in {c.code for c in medicare.codes}


# Last days counted by hand from the notice: 180 days (29 CFR 2560.503-1), 120 days after a receipt
# presumed 5 days later (42 CFR 405.942).
@pytest.mark.parametrize(
    ("cover", "person", "paper", "day"),
    [
        ("insured", ADA, "appeal_level_1", "April 30, 2027"),
        ("self_funded_iv", BO, "appeal_level_1", "April 18, 2027"),
        ("medicare", ADA, "medicare_redetermination", "March 6, 2027"),
    ],
)
def test_the_last_day_to_file_stands_on_the_page_for_the_patient(
    cover: str, person: Person, paper: str, day: str
) -> None:
    sheet = sheet_of(cover, person, paper)
    assert sheet is not None
    page = plain(markdown(sheet))
    assert f"Last day to file: {day}" in page
    assert day not in plain(markdown(make(cover, person, paper)))


def test_an_urgent_no_has_no_slow_day_among_the_last_days() -> None:
    """The page leads with today; the day of the appeal that is not fast is told below, in plain text."""
    sheet = sheet_of("insured", ADA, "appeal_level_1")
    assert sheet is not None
    boxes = [i for b in sheet.blocks if isinstance(b, Note) for i in b.items]
    assert [i for i in boxes if "April 30, 2027" in i] == []
    assert any("Send it today: November 22, 2026" in i for i in boxes)


def test_a_trial_counts_by_the_rule_of_this_payer_and_the_table_says_why() -> None:
    data = case_of("insured", ADA)
    data["treatments"] = [
        {
            "treatment": "sertraline",
            "outcome": "no_response",
            "weeks": 2,
            "daily_dose_mg": 150,
            "current_episode": True,
        },
        {
            "treatment": "fluoxetine",
            "outcome": "no_response",
            "weeks": 12,
            "daily_dose_mg": 5,
            "current_episode": True,
        },
        {
            "treatment": "bupropion",
            "outcome": "no_response",
            "weeks": 12,
            "daily_dose_mg": 300,
            "current_episode": True,
        },
        {
            "treatment": "venlafaxine",
            "outcome": "no_response",
            "daily_dose_mg": 150,
            "current_episode": True,
        },
        {"treatment": "cbt", "outcome": "no_response"},
    ]
    case = read_case(data)
    context = context_of("treatment_history_table", case, evaluate(case, today=TODAY), BOOK)
    assert [t.counts for t in context.trials] == ["No", "No", "Yes", "To check", "Listed"]
    assert "Shorter than" in context.trials[0].why
    assert "below 20 mg" in context.trials[1].why


@pytest.mark.parametrize(("payer", "counts"), [("unitedhealthcare", "No"), ("cigna", "Yes")])
def test_seven_weeks_count_where_the_policy_asks_for_six_and_not_where_it_asks_for_eight(
    payer: str, counts: str
) -> None:
    data = case_of("insured", ADA)
    data["coverages"][0] = {**data["coverages"][0], "payer": payer}
    data["treatments"][0]["weeks"] = 7
    case = read_case(data)
    context = context_of("treatment_history_table", case, evaluate(case, today=TODAY), BOOK)
    assert context.trials[0].counts == counts


# --- names --------------------------------------------------------------------------------------------

STRANGE = [
    "José Ñúñez-O’Brien d'Été Łukasz",
    "<script>alert('x')</script>",
    r"#let x = 1; *bold* _it_ $E=mc^2$ \n @ref <lab> ] [ ` `` & ~ {gap} {{ }} % = - + /*c*/ // \u{41}",
    'Robert"); #panic("x") //',
    "A" * 300,
    ("Anne-Marie " * 28)[:300].strip(),
    "محمد عبد الله",
    "שלום כהן",
]


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_name_is_harmless_and_shown_as_typed(name: str) -> None:
    names = Names(patient_name=name, clinician_name=name, clinic_name=name, member_id=name)
    made = make("insured", ADA, "appeal_level_1", names)
    shown = pdf_text(pdf(made))
    if any("֐" <= c <= "ۿ" for c in name):  # extracted in the order of the page, right to left
        assert set(name) - set(shown) - set(" ") == set()
    else:
        assert name.replace(" ", "") in shown.replace(" ", "")
    assert name in docx_text(docx(made))
    text = markdown(made)
    assert name in plain(text)
    assert "<script" not in text.replace(r"\<script", "")


def test_a_script_that_the_fonts_lack_does_not_stop_the_pdf_and_the_word_file_shows_it() -> None:
    made = make("insured", ADA, "call_log", Names(patient_name="王小明 😀 अमित"))
    text = pdf_text(pdf(made))
    assert "November 22, 2026" in text
    assert "王小明 😀 अमित" in docx_text(docx(made))


def test_a_long_name_without_spaces_breaks_at_the_margin() -> None:
    made = make("insured", ADA, "call_log", Names(patient_name="W" * 300))
    text = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf(made))).pages)
    assert 0 < max(map(len, re.findall("W+", text))) < 50  # about 38 fit between the margins


def test_control_characters_and_reordering_marks_are_left_out() -> None:
    assert Names(patient_name="A\x00B\u202eC\nD").cleaned().patient_name == "A B C D"


def test_names_are_kept_nowhere() -> None:
    make("insured", ADA, "appeal_level_1", Names(patient_name="Zebulon Pike"))
    again = make_paper("appeal_level_1", *told("insured", ADA)[:2], BOOK)
    assert "Zebulon" not in markdown(again)
    assert "______" in markdown(again).replace("\\", "")


def test_an_unknown_part_of_the_names_is_named() -> None:
    with pytest.raises(ValueError, match="patient_nmae"):
        Names.of({"patient_nmae": "x"})


# --- which papers fit --------------------------------------------------------------------------------


@pytest.mark.parametrize("cover", sorted(COVERS))
def test_every_paper_that_a_path_names_is_offered(cover: str) -> None:
    _, result, found = told(cover, BO)
    offered = {d for o in found for d in o.documents}
    named = {d for p in result.paths for d in p.documents}
    # An appeal to a level that is behind or not yet reached has no paper today.
    closed = {i for i, t in TEMPLATES.items() if t.open_level} | {
        t.document for t in TEMPLATES.values() if t.open_level
    }
    assert named - offered - closed <= _not_for(cover)


# Other ways (a tax account, a new plan, Medicaid) name these papers, but they are not for this cover:
# a plan booklet under ERISA, a request before care, a call with a plan's doctor, the maker's savings.
NOT_FOR = {
    "advantage": {"plan_documents_request", "manufacturer_program_application"},
    "medicaid": {"plan_documents_request", "manufacturer_program_application"},
    "tricare": {"plan_documents_request", "manufacturer_program_application"},
    "original": {
        "plan_documents_request", "manufacturer_program_application", "prior_authorization_packet",
        "peer_to_peer",
    },
    "va": {"plan_documents_request", "prior_authorization_packet", "peer_to_peer"},
    "fehb": {"plan_documents_request"},
    "uninsured": {"plan_documents_request", "letter_of_medical_necessity_depression_iv", "superbill"},
}  # fmt: skip
BEHIND = {"prior_authorization_packet", "referral", "step_therapy_exception"}  # once there is a no
AHEAD = {"regulator_complaint"}  # until there is one


def _not_for(cover: str) -> set[str]:
    coverage, _, _, level = COVERS[cover]
    own = NOT_FOR.get(_kind(cover) if coverage else "uninsured", set())
    return own | (AHEAD if level is None else BEHIND)


def _kind(cover: str) -> str:
    told = COVERS[cover][0] or {}
    return str(told.get("medicare") or told["kind"])


def test_the_right_appeal_is_offered_for_each_kind_of_cover() -> None:
    appeals = {i for i, t in TEMPLATES.items() if t.open_level}
    found = {c: {o.id for o in told(c, ADA)[2]} & appeals for c in COVERS}
    # An urgent no opens the outside review beside the fast appeal.
    assert found["insured"] == {"appeal_level_1", "external_review_request"}
    assert found["insured_after_appeal"] == {"external_review_request"}
    assert found["self_funded_iv_after_appeal"] == {"appeal_level_2", "external_review_request"}
    assert found["medicare"] == {"medicare_redetermination"}
    assert found["medicare_iv_after_appeal"] == {"medicare_reconsideration"}
    assert found["advantage"] == {"appeal_level_1"}
    assert found["medicaid_plan"] == {"medicaid_plan_appeal"}
    after = {"medicaid_fair_hearing", "external_review_request"}  # its state has both
    assert found["medicaid_plan_after_appeal"] == after
    assert found["medicaid_state"] == {"medicaid_fair_hearing"}
    assert found["tricare"] == {"tricare_appeal"}
    assert found["fehb"] == {"fehb_appeal"}
    assert found["medicare_iv_before_hearing"] == {"medicare_hearing_request"}
    assert found["advantage_before_hearing"] == {"medicare_hearing_request"}
    assert found["medicare_after_hearing"] == {"medicare_council_request"}
    assert found["advantage_iv_after_hearing"] == {"medicare_council_request"}
    second = {"tricare_second_reconsideration", "tricare_formal_review"}
    assert found["tricare_after_reconsideration"] == second
    assert found["tricare_iv_after_appeal"] == second
    assert found["tricare_before_hearing"] == {"tricare_hearing_request"}
    assert found["va"] == {"va_clinical_appeal"}
    assert found["pain"] == found["uninsured"] == set()


def test_nobody_with_medicare_is_told_of_parity_and_nobody_with_pain() -> None:
    for cover in ("medicare", "advantage", "pain", "va", "uninsured"):
        assert "parity_disclosure_request" not in {o.id for o in told(cover, CY)[2]}, cover
    assert "parity_disclosure_request" in {o.id for o in told("insured", CY)[2]}


@pytest.mark.parametrize(
    "data", [{}, {"coverages": [{}]}, {"request": "open", "coverages": [{"kind": "employer"}]}]
)
def test_a_case_of_which_little_is_known_still_gets_papers_with_clear_blanks(
    data: dict[str, object],
) -> None:
    case = read_case(data)
    result = evaluate(case, today=TODAY)
    found = papers_for(case, result, BOOK)
    assert found
    for paper in TEMPLATES:
        text = plain(markdown(make_paper(paper, case, result, BOOK)))
        assert not LEFT_OVER.search(text), (paper, LEFT_OVER.findall(text))


# --- all papers together -------------------------------------------------------------------------------


def test_the_zip_holds_the_cover_list_and_the_papers_of_the_next_act_in_both_forms() -> None:
    case, result, found = told("uninsured", ADA)
    papers = grouped(found, result)
    data = zip_papers(case, result, BOOK, names_of(ADA))
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    stems = {Path(n).stem for n in archive.namelist()}
    sheets = {f"{o.id}_worksheet" for o in papers.first if o.worksheet}
    assert {s[3:] for s in stems} == {"list"} | {o.id for o in papers.first} | sheets
    assert len(archive.namelist()) == 2 * len(stems)
    cover = bare(pdf_text(archive.read("00_list.pdf")))
    for offer in found:
        assert bare(offer.title) in cover


def test_papers_are_written_into_a_folder(tmp_path: Path) -> None:
    case, result, found = told("uninsured", CY)
    written = write_papers(
        tmp_path / "new" / "folder", case, result, BOOK, kinds=("pdf",), more=True
    )
    sheets = sum(o.worksheet for o in found)
    assert len(written) == len(found) + sheets + 1
    assert all(p.read_bytes().startswith(b"%PDF") for p in written)


# --- templates -------------------------------------------------------------------------------------------

GOOD = {
    "id": "call_log", "title": "T", "audience": "patient", "purpose": "records", "form": "sheet", "fits": ["insured"], "why": "W",
    "blocks": [{"text": "For {plan_name}"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"blocks": [{"text": "{plan_nmae}"}]}, "unknown gap {plan_nmae}"),
        ({"blocks": [{"text": "{plan_name!r}"}]}, "plain name"),
        ({"blocks": [{"text": "{plan_name.x}"}]}, "unknown gap"),
        ({"blocks": [{"text": "{insured}"}]}, "unknown gap"),
        ({"blocks": [{"text": "{", "when": "insured"}]}, "in '{'"),
        ({"blocks": [{"text": "x", "when": "insurd"}]}, "no such condition: insurd"),
        ({"blocks": [{"bullets": [{"each": "trialz", "item": "x"}]}]}, "no such list: trialz"),
        ({"blocks": [{"bullets": [{"each": "trials", "item": "{titel}"}]}]}, "unknown gap {titel}"),
        ({"blocks": [{"txt": "x"}]}, "exactly one of"),
        ({"blocks": [{"text": "x", "colour": "red"}]}, "unknown key colour"),
        ({"blocks": [{"use": "nothing"}]}, "no such shared part"),
        ({"fits": ["insurd"]}, "no such condition"),
        ({"audience": "robot"}, "not one of"),
        ({"purpose": "fun"}, "not one of"),
        ({"form": "poem"}, "not one of"),
        ({"worksheet": [{"text": "{plan_nmae}"}]}, "worksheet[0]: unknown gap {plan_nmae}"),
        ({"extra": 1}, "unknown key extra"),
        ({"id": "other"}, "the file says call_log"),
    ],
)
def test_a_faulty_template_is_an_error_that_names_file_and_fault(
    change: dict[str, object], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "en" / "papers"
    folder.mkdir(parents=True)
    (folder / "_shared.yaml").write_text("{}")
    (folder / "call_log.yaml").write_text(yaml.safe_dump(GOOD | change))
    monkeypatch.setattr("rules.documents.template.WORDS", tmp_path)
    with pytest.raises(TemplateError) as error:
        load_templates.__wrapped__()
    assert message in str(error.value)
    assert "call_log.yaml" in str(error.value)


def test_no_field_of_the_context_is_unused() -> None:
    used = json.dumps([repr(t) for t in TEMPLATES.values()])
    by_code = {"level_open", "session_minutes", "clinician_credentials"}
    unused = [
        n for n in KINDS if n not in by_code and f"{{{n}}}" not in used and f"'{n}'" not in used
    ]
    assert unused == []


# --- words -----------------------------------------------------------------------------------------------


def _syllables(word: str) -> int:
    word = word.lower().strip("'’")
    count = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and count > 1:
        count -= 1
    return max(count, 1)


def _grade(sentences: list[str]) -> float:
    """Flesch-Kincaid grade of sentences."""
    words = [w for s in sentences for w in re.findall(r"[A-Za-z’']+", s)]
    stops = sum(max(1, len(re.findall(r"[.!?](?:\s|$)", s))) for s in sentences)
    return 0.39 * len(words) / stops + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize(
    "paper", sorted(i for i, t in TEMPLATES.items() if t.audience == "patient")
)
def test_papers_for_patients_read_at_grade_eight_or_lower(paper: str) -> None:
    """What a person signs and the sheet behind it; the titles of studies and quotes of law apart."""
    for cover, person, _ in fitting()[paper]:
        context = context_of(paper, *told(cover, person)[:2], BOOK)
        quoted = (*(w.name for w in context.works_shown), *context.law_points)
        for made in (make(cover, person, paper), sheet_of(cover, person, paper)):
            sentences = [s for s in _sentences(made) if not s.startswith(quoted or "|")]
            assert not sentences or _grade(sentences) <= MOST_GRADE, (paper, cover)


def _sentences(made: Paper | None) -> list[str]:
    found: list[str] = []
    for block in made.blocks if made is not None else ():
        if isinstance(block, Bullets | Numbered | Checklist | Note):
            found.extend(block.items)
        elif isinstance(block, Paragraph):
            found.append(block.text)
    return found


# --- letters of patients ---------------------------------------------------------------------------------

LETTERS = sorted(i for i, t in TEMPLATES.items() if t.audience == "patient" and t.form == "letter")
# What never stands in what goes to a plan, an agency or a judge.
OURS = re.compile(
    r"nobody has|not checked|medical or legal advice|KetaPath|from memory|State rule|both tracks|"
    r"alone or inside|\b\d{4}-\d{2}-\d{2}\b|Your last day|Watch out",
    re.IGNORECASE,
)


@pytest.mark.parametrize("paper", LETTERS)
def test_a_letter_is_two_pages_at_most_has_its_parts_and_no_word_of_ours(paper: str) -> None:
    for cover, person, _ in fitting()[paper]:
        made = make(cover, person, paper)
        kinds = [type(b).__name__ for b in made.blocks]
        texts = [b.text for b in made.blocks if isinstance(b, Paragraph)]
        data = pdf(made)
        assert len(PdfReader(io.BytesIO(data)).pages) <= 2, (paper, cover)
        assert kinds[0] == "LineBlock", paper
        assert any(t.startswith(("Dear ", "To the ")) for t in texts), paper
        assert "SignatureBlock" in kinds, paper
        assert kinds.count("Reference") == 1, paper
        assert not OURS.search(pdf_text(data)), (paper, cover, OURS.findall(pdf_text(data)))
        sheet = sheet_of(cover, person, paper)
        assert sheet is None or len(PdfReader(io.BytesIO(pdf(sheet))).pages) <= 2, (paper, cover)


@pytest.mark.parametrize("paper", LETTERS)
def test_each_trial_and_each_question_stands_once(paper: str) -> None:
    for cover, person, _ in fitting()[paper]:
        made = make(cover, person, paper)
        text = plain(markdown(made))
        assert text.count(f"{person.drug_name} (") <= 1, (paper, cover)
        items = [i for b in made.blocks if isinstance(b, Bullets | Numbered) for i in b.items]
        assert len(items) == len(set(items)), (paper, cover)


def test_the_reason_is_quoted_as_the_notice_has_it() -> None:
    names = Names(denial_words="Spravato is not covered until two more drugs fail.")
    for paper in ("appeal_level_1", "regulator_complaint"):
        text = plain(markdown(make("insured", ADA, paper, names)))
        assert "“Spravato is not covered until two more drugs fail.”" in text
        assert "other treatments must be tried first" not in text


def test_the_label_is_never_called_the_rule_of_the_plan() -> None:
    for cover in COVERS:
        for person in PEOPLE:
            for offer in told(cover, person)[2]:
                if offer.id not in LETTERS:
                    continue
                context = context_of(offer.id, *told(cover, person)[:2], BOOK)
                text = plain(markdown(make(cover, person, offer.id)))
                if context.rule_not_known:
                    assert "points of it" not in text, (cover, offer.id)
                    assert "points of your rule" not in text, (cover, offer.id)


@pytest.mark.parametrize("cover", ["uninsured", "medicare", "advantage", "medicaid_plan", "va"])
def test_a_sheet_tells_of_no_other_kind_of_plan(cover: str) -> None:
    other = re.compile(r"Form 5500|180 days in most|six months in the federal|EBSA")
    for offer in told(cover, ADA)[2]:
        if TEMPLATES[offer.id].audience == "patient":
            made = make(cover, ADA, offer.id)
            sheet = sheet_of(cover, ADA, offer.id)
            text = plain(markdown(made)) + (plain(markdown(sheet)) if sheet else "")
            assert not other.search(text), (cover, offer.id, other.findall(text))


def test_the_call_log_fits_on_one_page() -> None:
    for cover in ("insured", "uninsured", "medicare"):
        data = pdf(make(cover, ADA, "call_log"))
        assert len(PdfReader(io.BytesIO(data)).pages) == 1
