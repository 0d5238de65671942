"""The router's classes: 30 documented domains, and the finer topics that the classifier tells apart inside them."""

from __future__ import annotations

DOMAINS = {
    "code": "write, fix, explain or test programs; queries, formulas, tools of programmers",
    "completion": "continue a given piece of code",
    "word_problem": "arithmetic in a story, everyday calculation",
    "maths": "algebra, calculus, geometry, statistics, proof",
    "puzzle": "logic grids, riddles, series, formal logic",
    "physics": "physics, astronomy, electrical engineering",
    "chemistry": "chemistry",
    "biology": "biology, genetics, ecology",
    "medicine": "health, medicine, anatomy, nutrition, nursing",
    "law": "law, contracts, rights",
    "finance": "economics, accounting, tax, personal finance",
    "business": "management, marketing, public relations, business ethics",
    "history": "history and prehistory",
    "society": "politics, geography, sociology, security",
    "psychology": "psychology, human development, sexuality",
    "philosophy": "philosophy, ethics, religion, fallacies",
    "judgement": "is what somebody did right or wrong",
    "computing": "computer science, machine learning, networks, devices",
    "trivia": "a single fact, quiz style, mixed general knowledge",
    "lookup": "a single fact, typed like a search",
    "common_sense": "what everybody knows about everyday life; who is meant",
    "school_science": "science at primary and lower secondary school",
    "expert_science": "science at graduate level",
    "writing": "letters, posts, stories, poems, replies",
    "sentence": "make a sentence from given words; words for words",
    "rewriting": "correct, shorten, change the tone of a given text",
    "summary": "the key points of a given text",
    "translation": "from one language into another",
    "extraction": "pull facts out of a given text, classify it, put it in a table",
    "advice": "plans, recipes, travel, purchases, how to live",
    "chat": "greetings, feelings, small talk",
}
"""Domain -> what belongs to it. The names are part of the learned state; they are never reused for something else."""

FAMILIES = {
    "programs": ("code", "completion"),
    "numbers": ("word_problem", "maths"),
    "hard": ("puzzle", "expert_science"),
    "knowledge": (
        "physics", "chemistry", "biology", "medicine", "law", "finance", "business", "history", "society", "psychology",
        "philosophy", "judgement", "computing", "common_sense", "school_science",
    ),
    "facts": ("trivia", "lookup"),
    "texts": ("writing", "sentence", "rewriting", "summary", "translation", "extraction", "advice", "chat"),
}  # fmt: skip
"""Domains in which models are good or bad together: the level between a model and its domains."""

_MMLU = {
    "maths": "abstract_algebra college_mathematics high_school_mathematics high_school_statistics",
    "word_problem": "elementary_mathematics",
    "puzzle": "formal_logic",
    "physics": "astronomy college_physics conceptual_physics electrical_engineering high_school_physics",
    "chemistry": "college_chemistry high_school_chemistry",
    "biology": "college_biology high_school_biology medical_genetics",
    "medicine": "anatomy clinical_knowledge college_medicine human_aging nutrition professional_medicine virology",
    "law": "international_law jurisprudence professional_law",
    "finance": "econometrics high_school_macroeconomics high_school_microeconomics professional_accounting",
    "business": "business_ethics management marketing public_relations",
    "history": "high_school_european_history high_school_us_history high_school_world_history prehistory",
    "society": "global_facts high_school_geography high_school_government_and_politics security_studies sociology us_foreign_policy",
    "psychology": "high_school_psychology human_sexuality professional_psychology",
    "philosophy": "logical_fallacies moral_disputes philosophy world_religions",
    "judgement": "moral_scenarios",
    "computing": "college_computer_science computer_security high_school_computer_science machine_learning",
    "trivia": "miscellaneous",
}
_SETS = {
    "gsm8k": "word_problem", "agentverse-mgsm": "word_problem", "math": "maths", "agentverse-logicgrid": "puzzle",
    "mbpp": "code", "human_eval": "completion", "trivia_qa": "trivia", "natural_qa": "lookup", "commonsense_qa": "common_sense",
    "winogrande": "common_sense", "openbook_qa": "school_science", "arc_challenge": "school_science",
    "arc-challenge": "school_science", "gpqa": "expert_science", "commongen": "sentence",
}  # fmt: skip

_SUBJECTS = {subject: domain for domain, subjects in _MMLU.items() for subject in subjects.split()}


def topic_of(name: str) -> str | None:
    """`domain/fine` of a benchmark's subject or task; None when the name covers many (`mmlu`)."""
    if name in _SUBJECTS:
        return f"{_SUBJECTS[name]}/{name}"
    return f"{_SETS[name]}/{name.replace('arc-challenge', 'arc_challenge')}" if name in _SETS else None
