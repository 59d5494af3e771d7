"""A step in words for markdown: by when, whom to call, which paper. Pure."""

from __future__ import annotations

import datetime as dt
import re

from rules import load_rules
from rules.report.action_plan import PlanStep
from rules.result import ContactShown, RuleShown, StepShown
from wizard.labels import day
from wizard.shell.said import Markdown, link, plain, said


def by_when(by: dt.date | None) -> str:
    """The day by which, in bold, or nothing."""
    return "" if by is None else " " + said("paths.by", day=day(by))


def contact_words(contact: ContactShown | None) -> str:
    """Whom to call or where to write, each a link."""
    if contact is None:
        return ""
    if contact.phone:
        digits = re.sub(r"[^0-9+]", "", contact.phone)
        phone = Markdown(f"[{plain(contact.phone)}](tel:{digits})")
        name = link(contact.name, contact.url)
        return said("paths.call", name=name, phone=phone)
    return said("paths.visit", name=link(contact.name, contact.url)) if contact.url else ""


def papers_words(documents: tuple[str, ...]) -> str:
    """The papers of a step by name."""
    names = "; ".join(dict.fromkeys(paper_name(d) for d in documents))
    return said("paths.bring", papers=names) if names else ""


def paper_name(ident: str) -> str:
    """The name of a paper."""
    record = load_rules().documents.get(ident)
    return record.name if record is not None else ident.replace("_", " ")


def act_words(step: StepShown | PlanStep, papers: bool = True) -> str:
    """One act in a line: what, by when, whom to call, the paper."""
    parts = [
        f"{plain(step.text)}{by_when(step.by)}",
        contact_words(step.contact),
        papers_words(step.documents[:1]) if papers else "",
    ]
    return " ".join(p for p in parts if p)


def rule_words(rule: RuleShown) -> str:
    """The one quiet line of a rule: its number or title and its date; else of when its source is."""
    when = month(rule.date)
    if rule.number:
        named: str = said("paths.policy", number=rule.number)
    elif rule.title:
        named = plain(short_title(rule.title))
    else:
        return said("paths.source_of", month=when) if when else ""
    return ", ".join(p for p in (named, when) if p)


def short_title(title: str) -> str:
    """The title of a source without what only its keeper needs: notes in brackets at the end."""
    return re.sub(r"\s*\([^()]*\)\s*$", "", title)


def month(date: str | None) -> str:
    """The date of a source as people say it: a month and a year, or the year."""
    if not date:
        return ""
    found = re.fullmatch(r"(\d{4})-(\d{2})(?:-\d{2})?", date)
    if found is None:
        return plain(date)
    return f"{dt.date(int(found[1]), int(found[2]), 1):%B %Y}"
