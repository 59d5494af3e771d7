"""Faults that can be planted in a record file: what is looked for in its lines, and what is written there.

Each kind fits many places of many files; a seed picks one. `\\g<1>` and so on are the groups of the
pattern. A kind whose slip only a person could tell is here too: it is to be counted, not hidden.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of fault: in which files, after which line, and what stands there instead."""

    name: str
    files: str  # a pattern of paths under the records
    old: str  # a pattern of one or more whole lines
    new: str
    shift: int = 0  # how many lines below the first of them the fault stands


SOURCE, STATE, PAYER = "sources/*.yaml", "states/*.yaml", "payers/*.yaml"
POLICIES = "p[ar][yo]*/*.yaml"  # payers and programs
ANY = "[!s]*/*.yaml"
UNIT = r"\n\s+unit: "

STRUCTURE = (
    Kind("a misspelt key", ANY, r"( *)confidence: ", r"\g<1>confidense: "),
    Kind("a misspelt key of a list", PAYER, r"policies:", "polices:"),
    Kind("an unknown key", ANY, r"( *)(source: \w+)", r"\g<1>\g<2>\n\g<1>rating: 5", 1),
    Kind("no confidence", ANY, r"( *)(source: \w+)\n(\1as_of: .*)\n\1confidence: .*", r"\g<1>\g<2>\n\g<3>"),
    Kind("a source that is not there", ANY, r"( *)source: (\w+)", r"\g<1>source: \g<2>x"),
    Kind("a word off its list", POLICIES, r"( *)position: covered_with_criteria", r"\g<1>position: covers"),
    Kind("a text for a number", ANY, r"( +)at_least: \d+", r"\g<1>at_least: many"),
    Kind("a day that is none", ANY, r"( *)as_of: .*", r"\g<1>as_of: '2026-02-31'"),
    Kind("a day to come", ANY, r"( *)as_of: .*", r"\g<1>as_of: '2028-05-01'"),
    Kind("a day to come, of a source", SOURCE, r"( *)checked: .*", r"\g<1>checked: 2029-01-01"),
    Kind("a key twice", ANY, r"( *)(source: \w+)", r"\g<1>\g<2>\n\g<1>\g<2>", 1),
    Kind("a tab", ANY, r" +source: (\w+)", "\tsource: \\g<1>"),
    Kind("an open bracket", ANY, r"( *)source: (\w+)", r"\g<1>source: [\g<2>"),
    Kind("another file's id", PAYER, r"id: (\w+)", r"id: \g<1>_two"),
    Kind("another unit", ANY, rf"( +)at_least: (\d+){UNIT}years", r"\g<1>at_least: \g<2>\n\g<1>unit: months", 1),
    Kind("no unit", ANY, rf"( +)at_least: (\d+){UNIT}\w+", r"\g<1>at_least: \g<2>"),
    Kind("no word for NO", PAYER, r"( +)min_weeks: (\d+)", r"\g<1>min_weeks: \g<2>\n\g<1>by_state: {NO: 4}", 1),
    Kind("a byte of another alphabet", ANY, r"( *)source: (\w+)", "\\g<1>source: \\g<2>\udcff"),
    Kind("a part that holds itself", ANY, r"( *)source: (\w+)", r"\g<1>source: &x [*x]"),
    Kind("a sign that no text holds", ANY, r"( *)source: (\w+)", "\\g<1>source: \\g<2>\x00"),
    Kind("parts within parts", ANY, r"( *)source: (\w+)", r"\g<1>source: " + "[" * 90_000),
    Kind("a number without end", ANY, r"( +)at_least: \d+", r"\g<1>at_least: " + "9" * 6_000),
    Kind("a merge", ANY, r"( *)source: (\w+)", r"\g<1><<: {source: \g<2>}"),
    Kind("a state in small letters", STATE, r"code: (\w)\w", r"code: \g<1>x"),
    Kind("a folder for a file", ANY, "", "folder"),
    Kind("a link to nothing", ANY, "", "link"),
)  # fmt: skip

STEP = r"(  - |- )use: (\w+)"
AGE = rf"( +)(- id: \w+\n +|- )?fact: age\n( +)at_least: 18{UNIT}years"

SEMANTIC = (
    Kind("low above high", "prices.yaml", r"  low: (\d+)", r"  low: \g<1>000000"),
    Kind("high below low", "prices.yaml", r"  high: \d+", "  high: 1"),
    Kind("weeks of no state", PAYER, r"( +)min_weeks: (\d+)", r"\g<1>min_weeks: \g<2>\n\g<1>by_state:\n\g<1>  ZZ: 4", 2),
    Kind("a step twice", POLICIES, STEP, r"\g<1>use: \g<2>\n\g<1>use: \g<2>", 1),
    Kind("an answer that no case holds", "questions.yaml", r"  - value: ([a-z_]+)", r"  - value: \g<1>_or_so"),
    Kind("open from above the least", PAYER, r"( +)min_weeks: (\d+)", r"\g<1>min_weeks: \g<2>\n\g<1>open_from_weeks: 3\g<2>", 1),
    Kind("200 medicines", ANY, rf"( +)at_least: \d{UNIT}medicines", r"\g<1>at_least: 200\n\g<1>unit: medicines"),
    Kind("20 classes", ANY, rf"( +)at_least: \d{UNIT}classes", r"\g<1>at_least: 20\n\g<1>unit: classes"),
    Kind("a score beyond its scale", ANY, rf"( +)(at_least|above): (\d+){UNIT}points", r"\g<1>\g<2>: 1\g<3>\n\g<1>unit: points"),
    Kind("200 weeks", PAYER, r"( +)min_weeks: \d+", r"\g<1>min_weeks: 200"),
    Kind("both yes and no", PAYER, r"  (- id: \w+)\n    (fact: \w+)\n    is: true", r"  \g<1>\n    \g<2>\n    is: true\n  \g<1>_not\n    not:\n      \g<2>\n      is: true", 3),
    Kind("a branch that cannot be", PAYER, r"  (- id: \w+)\n    (fact: \w+)\n    is: true", r"  \g<1>\n    any:\n    - {\g<2>, is: true}\n    - all:\n      - {fact: age, at_least: 18, unit: years}\n      - {fact: age, below: 18, unit: years}", 3),
    Kind("a branch that always is", PAYER, r"  (- id: \w+)\n    (fact: \w+)\n    is: true", r"  \g<1>\n    any:\n    - {\g<2>, is: true}\n    - {\g<2>, is: false}", 1),
    Kind("a year left out", "parameters.yaml", r"      from: '2026-01-01'", "      from: '2026-02-01'"),
    Kind("two guidelines at once", "eligibility.yaml", r"    to: '2026-01-14'", "    to: '2026-03-14'"),
    Kind("a guideline left out", "eligibility.yaml", r"    from: '2026-01-15'", "    from: '2026-04-15'"),
    Kind("a rule of 2031", PAYER, r"    from: '(\d+)-(\d+-\d+)'", r"    from: '2031-\g<2>'"),
    Kind("a level after a later one", "appeals/*.yaml", r"  follows:\n  - initial\n(?!  -)", "  follows:\n  - council\n", 0),
    Kind("a level before a first no", "appeals/*.yaml", r"  follows:\n  - hearing\n(?!  -)", "  follows:\n  - internal_1\n", 0),
    Kind("a class misspelt", "treatments.yaml", r"  drug_class: (SSRI|SNRI|MAOI|NSAID)", r"  drug_class: \g<1>I"),
    Kind("another state's name", STATE, r"name: [A-Z][\w ]+", "name: Idaho"),
    Kind("another state's office", STATE, r"  name: ([\w ]+)", r"  name: Nebraska \g<1>"),
    Kind("another state's phone", STATE, r"( +)phone: .*", r"\g<1>phone: 800-252-3439"),
    Kind("another state's address", STATE, r"( +)url: .*", r"\g<1>url: https://doi.nebraska.gov/"),
    Kind("sure of what the news say", ANY, r"( *)source: \w+\n((?: *also:\n(?: *- \w+\n)+)?(?: *as_of: .*\n)?) *confidence: \w+", "\\g<1>source: ballotpedia_house_votes_extend_subsidies_2026\n\\g<1>confidence: sourced", 1),
    Kind("sure of what was recalled", STATE, r"    confidence: recalled\n    note: (.*plan_names_from_federal_list.*)", r"    confidence: sourced\n    note: \g<1>"),
    Kind("recalled what is not told", STATE, r"  recalled_fields:", "  recalled_fields:\n  - answer_within", 1),
    Kind("a use twice", PAYER, r"- (id: \w+)\n  (treatment: \w+)\n  (indications:\n(?:  - \w+\n)+)  (position: \w+\n  lines_of_business:\n(?:  - \w+\n)+)", "- \\g<1>_two\n  \\g<2>\n  \\g<3>  \\g<4>  source: 21_cfr_1308_13\n  confidence: recalled\n  seen: false\n- \\g<1>\n  \\g<2>\n  \\g<3>  \\g<4>", 0),
    Kind("the opposite by group", PAYER, r"- (id: \w+)\n  (treatment: \w+)\n  (indications:\n  - treatment_resistant_depression\n)(?=  position: cov)", "- \\g<1>_two\n  \\g<2>\n  indications: [depression]\n  position: excluded\n  lines_of_business: [commercial, medicare_advantage, medicaid_managed, fehb]\n  source: 21_cfr_1308_13\n  confidence: recalled\n  seen: false\n- \\g<1>\n  \\g<2>\n  \\g<3>", 3),
    Kind("a name of nothing", PAYER, r"also_called:", "also_called:\n- 'The Inc.'", 1),
    Kind("a name of another payer", PAYER, r"also_called:", "also_called:\n- Blue Shield of California", 1),
    Kind("989 for 988", ANY, r"(.*[^\d.-])988([ ,.].*)", r"\g<1>989\g<2>"),
    Kind("989 for 988, in the list of lines", "safety.yaml", r"(  says: .*)988(.*)", r"\g<1>989\g<2>"),
    Kind("a crisis line's text number", "safety.yaml", r"(  says: .*)(741741|838255|678678)(.*)", r"\g<1>741714\g<3>"),
    Kind("a digit of a national line", ANY, r"(.*)1-800-(318|633|985)-(\d\d)(\d\d)(.*)", r"\g<1>1-800-\g<2>-\g<3>00\g<5>"),
    Kind("a tenth of the days", "[as]*/*.yaml", r"( +)number: (60|90|120|180|30)", r"\g<1>number: 6"),
    Kind("ten times the days", "[as]*/*.yaml", r"( +)number: (60|90|120|180|30)", r"\g<1>number: \g<2>0"),
    Kind("months for days", "[as]*/*.yaml", rf"( +)number: (60|90|120|180|30){UNIT}days", r"\g<1>number: \g<2>\n\g<1>unit: months", 1),
    Kind("days for months", "[as]*/*.yaml", rf"( +)number: 4{UNIT}months", r"\g<1>number: 4\n\g<1>unit: days", 1),
    Kind("81 for 18", ANY, AGE, r"\g<1>\g<2>fact: age\n\g<3>at_least: 81\n\g<3>unit: years", 2),
    Kind("another count of medicines", ANY, rf"( +)at_least: 2{UNIT}medicines", r"\g<1>at_least: 3\n\g<1>unit: medicines"),
    Kind("another number of weeks", PAYER, r"( +)min_weeks: \d+", r"\g<1>min_weeks: 5"),
    Kind("27 hours for 72", "[as]*/*.yaml", rf"( +)number: 72{UNIT}hours", r"\g<1>number: 27\n\g<1>unit: hours"),
    Kind("another federal number", "parameters.yaml", r"    value: (\d+)", r"    value: 1\g<1>"),
    Kind("another guideline", "eligibility.yaml", r"  (first_person|each_additional): (\d)(\d)(\d+)", r"  \g<1>: \g<3>\g<2>\g<4>"),
    Kind("a number that its sentence does not tell", ANY, r"( +)value: (\d\d+)\n", "\\g<1>value: 7\\g<2>\n"),
    Kind("a score's band", "safety.yaml", r"  - from: (\d+)", r"  - from: 1\g<1>"),
    Kind("not covered, for covered", POLICIES, r"  position: covered_with_criteria", "  position: excluded"),
    Kind("covered, for unproven", POLICIES, r"  position: (unproven|excluded)", "  position: covered_with_criteria"),
    Kind("half of an approval's time", PAYER, rf"( +)number: (52|12|26|6|13){UNIT}(\w+)", r"\g<1>number: 5\n\g<1>unit: \g<3>"),
    Kind("a state twice", ANY, r"( *)- ([A-Z][A-Z])\n", "\\g<1>- \\g<2>\n\\g<1>- \\g<2>\n", 1),
    Kind("a source of another thing", ANY, r"( +)source: \w+", r"\g<1>source: 21_cfr_1308_13"),
    Kind("a year long gone", ANY, r"( +)from: '20(\d\d)-(\d\d-\d\d)'", r"\g<1>from: '02\g<2>-\g<3>'"),
)  # fmt: skip
