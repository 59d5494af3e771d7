"""The works that a letter cites: of its diagnosis and treatment, read, complete, with right figures."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import get_args

import pytest
import yaml
from pydantic import ValidationError

from rules import evaluate, load_rules, read_case
from rules.documents import make_paper, markdown
from rules.documents.context import Gaps, WorkRow
from rules.documents.focus import Focus, find_focus
from rules.documents.history import history
from rules.documents.works import works
from rules.schema.clinical import Work
from rules.schema.record_types import Works
from rules.vocabulary import Diagnosis, Scale, Treatment

BOOK = load_rules()
TODAY = dt.date(2026, 11, 28)
CITED = yaml.safe_load(Path(__file__).with_name("works_cited.yaml").read_text(encoding="utf-8"))
RECORDS: tuple[Work, ...] = tuple(w for s in BOOK.of("evidence", Works) for w in s.works)
PLACE_IN_JOURNAL = re.compile(r"\. (19|20)\d\d;\d+(\(\d+\))?:\w")
GUIDELINE = re.compile(r"Department of Veterans Affairs, Department of Defense\.")

PAIRS = [(d, t) for d in get_args(Diagnosis) for t in get_args(Treatment)]

A_WORK = {
    "id": "a_trial",
    "name": "A trial",
    "kind": "trial",
    "year": 2020,
    "citation": "Somebody A, et al. A trial. A Journal. 2020;1(2):3-4.",
    "finding": "It found something.",
    "supports": "It helps.",
    "says": "It was superior (n = 10).",
    "diagnoses": ["ptsd"],
    "treatments": ["iv_ketamine"],
    "rank": 1,
    "source": "a_source",
    "confidence": "sourced",
}


@lru_cache
def focus_of(diagnosis: str) -> Focus:
    case = read_case(
        {
            "state": "TX",
            "age": 40,
            "request": "iv_ketamine",
            "diagnosis": diagnosis,
            "severity": [{"scale": s, "score": 18} for s in get_args(Scale)],
            "coverages": [{"kind": "employer", "payer": "aetna", "funding": "fully_insured"}],
        }
    )
    return find_focus(case, evaluate(case, today=TODAY), BOOK, TODAY, None)


def told(diagnosis: str, treatment: str) -> Gaps:
    return works(replace(focus_of(diagnosis), treatment=treatment))


def cited(diagnosis: str, treatment: str) -> tuple[WorkRow, ...]:
    rows: tuple[WorkRow, ...] = told(diagnosis, treatment)["works_for"]
    return rows


@pytest.mark.parametrize(("diagnosis", "treatment"), PAIRS)
def test_a_letter_cites_the_works_of_its_diagnosis_and_treatment_and_no_other(
    diagnosis: str, treatment: str
) -> None:
    rows = cited(diagnosis, treatment)
    assert [r.name for r in rows] == CITED.get(diagnosis, {}).get(treatment, [])
    assert len(rows) <= 6


@pytest.mark.parametrize(("diagnosis", "treatment"), PAIRS)
def test_what_a_letter_cites_can_be_looked_up(diagnosis: str, treatment: str) -> None:
    for row in cited(diagnosis, treatment):
        where = (
            "doi:10." in row.citation
            or PLACE_IN_JOURNAL.search(row.citation)
            or GUIDELINE.match(row.citation)
        )
        assert where, row.citation
        assert not re.search(r"https?:|www\.", row.citation)
        assert row.supports, row.name
        assert row.says, row.name
        assert not re.search(r"\d{4}-\d\d-\d\d", row.citation + row.says + row.finding)


def test_the_figures_of_elekt_d_are_of_those_who_were_treated() -> None:
    trial = cited("treatment_resistant_depression", "iv_ketamine")[0]
    assert "403 randomized, 365 treated" in trial.says
    assert "55.4% versus 41.2% of treated patients" in trial.says
    assert "14.2 percentage points; 95% CI, 3.9 to 24.2" in trial.says
    assert "365 patients treated (403 randomized)" in trial.finding
    assert "195 with ketamine, 170 with ECT" in trial.finding
    assert trial.citation == (
        "Anand A, Mathew SJ, Sanacora G, et al. Ketamine versus ECT for nonpsychotic treatment-resistant major"
        " depression. N Engl J Med. 2023;388(25):2315-2325. doi:10.1056/NEJMoa2302399."
    )
    assert not any("Among 403" in str(w) for w in RECORDS)


def test_the_pivotal_trials_of_the_spray_stand_with_journal_and_figures() -> None:
    says = {r.name: r for r in cited("treatment_resistant_depression", "esketamine")}
    pivotal = says["TRANSFORM-2 trial"]
    assert "-4.0; 95% CI, -7.31 to -0.64" in pivotal.says
    assert (
        "Am J Psychiatry. 2019;176(6):428-438. doi:10.1176/appi.ajp.2019.19020172."
        in pivotal.citation
    )
    assert "HR 0.49; 95% CI, 0.29-0.84" in says["SUSTAIN-1 trial"].says
    assert "27.1% versus 17.6%" in says["ESCAPE-TRD trial"].says
    alone = says["Esketamine monotherapy trial"]
    assert "n = 378" in alone.says
    assert "JAMA Psychiatry. 2025;82(9):877-887." in alone.citation


def test_what_nobody_read_is_never_cited_but_listed_to_be_read() -> None:
    gaps = told("treatment_resistant_depression", "iv_ketamine")
    unread = [r.name for r in gaps["works_unseen"]]
    assert unread == ["CANMAT guideline on major depression, update 2023"]
    for diagnosis, treatment in PAIRS:
        gaps = told(diagnosis, treatment)
        names = {r.citation for r in (*gaps["works_for"], *gaps["works_against"])}
        assert not names & {r.citation for r in gaps["works_unseen"]}


def test_ptsd_by_vein_shows_the_trials_for_it_and_the_one_that_failed_against_it() -> None:
    gaps = told("ptsd", "iv_ketamine")
    assert not any("Abdallah" in r.name for r in gaps["works_for"])
    against = {r.name: r for r in gaps["works_against"]}
    assert "civilians" in against["Abdallah et al., ketamine for PTSD in veterans"].answer
    assert against["VA/DoD guideline for PTSD"].answer == ""
    assert "11.88 points" in gaps["works_for"][0].says


def test_every_limit_of_a_cited_work_is_told_to_whoever_prepares_the_letter() -> None:
    for work in RECORDS:
        if not (work.was_read and work.does_not_support and work.treatments):
            continue
        rows = told(work.diagnoses[0], work.treatments[0])["works_against"]
        assert work.does_not_support in [r.against for r in rows], work.id


def test_the_prognosis_is_that_of_the_diagnosis_with_its_reference() -> None:
    spray = told("treatment_resistant_depression", "esketamine")["prognosis"]
    assert "13.7% and 13.0% at the third and fourth" in spray
    assert "2006;163(11):1905-1917" in spray
    vein = told("treatment_resistant_depression", "iv_ketamine")["prognosis"]
    assert "13.7%" in vein
    assert "esketamine" not in vein
    assert "unable to work" in told("crps", "iv_ketamine")["prognosis"]
    assert told("migraine", "iv_ketamine")["prognosis"] == ""


def test_a_letter_names_no_web_page_as_the_source_of_a_study() -> None:
    case = focus_of("treatment_resistant_depression").case
    letter = markdown(
        make_paper("letter_of_medical_necessity", case, evaluate(case, today=TODAY), BOOK)
    )
    assert "doi:10." in letter
    for page in ("peeref", "Consultant360", "MedCentral", "repository.uantwerpen"):
        assert page not in letter.partition("Before you send")[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"says": None},
        {"supports": None},
        {"answer": "An answer to nothing."},
        {"citation": "Somebody A. A trial, https://example.org/a"},
        {"citation": "Somebody A. A trial. A Journal. 2020."},
    ],
)
def test_a_work_that_nobody_could_look_up_or_that_speaks_to_one_reader_only_is_refused(
    wrong: dict[str, object],
) -> None:
    assert Work.model_validate(A_WORK).was_read
    with pytest.raises(ValidationError):
        Work.model_validate(A_WORK | wrong)


def test_every_scale_that_a_case_may_hold_has_a_name() -> None:
    lines = " ".join(r.line for r in history(focus_of("ptsd"))["scores"])
    for name in ("PHQ-9", "MADRS", "HAM-D", "QIDS", "BDI", "GAD-7", "PCL-5", "Pain from 0 to 10"):
        assert f"{name} " in lines
    for scale in get_args(Scale):
        assert scale not in lines


def test_no_text_that_the_label_or_a_diagnosis_prints_holds_a_date_as_machines_write_it() -> None:
    record = BOOK.diagnoses["treatment_resistant_depression"].esketamine
    assert record is not None
    assert "on March 5, 2019" in record.says
