"""Two models on one text that only one of them may see.

Every request between them takes the whole way of `flow/run.py`: labelled, decided, cleared, recorded, each with a receipt
of its own. What is made of the text carries the text's labels, and no long stretch of it is copied out.
"""

import re
from collections.abc import AsyncGenerator, Iterator
from functools import partial

from msgspec import structs

from sampan.contract.answer import Frame
from sampan.contract.errors import BadRequest, PolicyRefused
from sampan.contract.receipt import Joint
from sampan.contract.request import Decided, Dialect, Labelled, Refused, Request, Together
from sampan.decide.route import Wish
from sampan.decide.verify.asked import asked_of
from sampan.decide.verify.reading import said_of
from sampan.flow.answer import Answer, Frames
from sampan.flow.as_text import handed_on
from sampan.flow.carried import Carrying
from sampan.flow.journey import Journey
from sampan.flow.line import Line, kept_alive
from sampan.flow.parts import inner_request, last_request, pieces_of, words, work_of
from sampan.flow.refusal import as_error
from sampan.flow.run import label, run
from sampan.flow.stages import Stages
from sampan.flow.verbatim import LEFT_OUT, Original, without_copies

_MOST_QUESTIONS = 6
_LONGEST_QUESTION = 300
_LONGEST_NOTE = 400
_LONGEST_REQUEST = 4000
_NUMBERED = re.compile(r"^\W*(\d{1,2})\s*[:：.、)）]\s*(.+)$")
_BULLET = re.compile(r"^\W*(?:\d{1,2}\s*[:：.、)）]|[-*•])?\s*")
_SENTENCE = re.compile(r"(?<=[。！？.!?])\s*|\n+")
_DIALECTS = frozenset({Dialect.CHAT, Dialect.COMPLETIONS, Dialect.RESPONSES, Dialect.MESSAGES})


class _Pair:
    """One collaboration under way. steps: the receipts of its requests, in order."""

    def __init__(self, labelled: Labelled, stages: Stages, line: Line | None) -> None:
        self.request, self.labelled, self.line = labelled.request, labelled, line
        self.stages = stages._replace(labeller=Carrying(stages.labeller, labelled), shadows=None)
        self.words = words(labelled.labels.language)
        self.outside = _outside(self.request)
        self.steps: list[str] = []

    async def ask(self, asked: str, text: str) -> str:
        """Ask one of the two, and hear it to the end."""
        request = inner_request(self.request, asked, text)
        self.steps.append(request.id)
        answer = await run(request, self.stages, self.line)
        try:
            frames = [frame async for frame in answer.frames]
        finally:
            await answer.frames.aclose()
        return said_of(Dialect.CHAT, frames).text

    async def last(self, asked: str, text: str) -> Answer:
        """Ask for the answer that the caller gets."""
        request = last_request(self.request, asked, text)
        self.steps.append(request.id)
        return await run(request, self.stages, self.line)


async def collaborate(request: Request, stages: Stages, line: Line | None = None) -> Answer:
    """Answer a request with two models, as `request.together` says. line: as of `flow.run.run`.

    Raises:
        BadRequest: it cannot be taken apart, or holds more than text. PolicyRefused: policy lets no model of an own device
        have it, or what was made of it go nowhere. SampanError: as `flow.run.run`.
    """
    journey = Journey(stages.recorder.open(request), request)
    pair: _Pair | None = None
    try:
        gathered = stages.gatherer.gather(request)
        labelled = await _as_text(await label(gathered, stages.labeller, journey), stages, journey)
        _at_home(labelled, stages, journey)
        pair = _Pair(labelled, stages, line)
        async with kept_alive(line, stages.limits.keep_alive_s):
            answer = await (_planned(pair) if request.together is Together.PLAN else _rewritten(pair))
    except BaseException as error:
        _noted(journey, request, pair)
        journey.fail(error)
        raise
    _noted(journey, request, pair)
    journey.answered = answer.route.model
    decided = answer.decided
    mine = structs.replace(decided.labelled.request, id=request.id)
    shown = structs.replace(decided, labelled=structs.replace(decided.labelled, request=mine))
    frames = Frames(_passed_on(answer, journey), answer.frames.aclose, journey)
    return Answer(shown, answer.route, answer.headers, frames, answer.restorer)


async def _as_text(labelled: Labelled, stages: Stages, journey: Journey) -> Labelled:
    """With the text of every file in its place, where each says something; the task is then what was typed."""
    again = partial(label, labeller=stages.labeller, journey=journey)
    text = await handed_on(labelled, labelled.files, again) if labelled.files else None
    if text is None:
        return labelled
    task = text.request.task or asked_of(labelled.request).question
    return structs.replace(text, request=structs.replace(text.request, task=task))


def _noted(journey: Journey, request: Request, pair: _Pair | None) -> None:
    journey.joint = Joint(request.together.value if request.together else "", tuple(pair.steps if pair else ()))


def _at_home(labelled: Labelled, stages: Stages, journey: Journey) -> None:
    """Record that the whole of it stays in the personal realm.

    Raises:
        PolicyRefused: not even there may it go. BadRequest: something in it is no text.
    """
    request = labelled.request
    if request.dialect not in _DIALECTS:
        raise BadRequest("Only a request for an answer in words can be worked on together.", param="sampan.collaborate")
    if labelled.labels.files or labelled.labels.unread:
        raise BadRequest(
            "Two models work together on text only.", hint="Send the text of the file.", param="sampan.collaborate"
        )
    private = structs.replace(request, asked=Wish.PRIVATE.value)
    if request.together is Together.PLAN:  # it is read in pieces: how long the whole of it is does not matter
        private = structs.replace(inner_request(request, Wish.PRIVATE.value, ""), id=request.id)
    decision = stages.decider.decide(structs.replace(labelled, request=private))
    journey.decided(decision)
    if isinstance(decision, Refused):
        raise as_error(decision)
    if not isinstance(decision, Decided):
        raise PolicyRefused("What needs an approval is not worked on together.", ways_on=("Send it plainly.",))


def _outside(request: Request) -> str:
    """Who is asked for what the own device cannot do: the model or the wish that the caller named, else the best allowed."""
    return Wish.BEST.value if request.asked in {"", Wish.AUTO.value, Wish.PRIVATE.value} else request.asked


async def _planned(pair: _Pair) -> Answer:
    """Plan outside, read inside: questions from outside, answers from each piece of the text, joined outside."""
    work, told = work_of(pair.request), pair.words
    pieces = pieces_of(work.document)
    language = pair.labelled.labels.language
    facts = told["facts"].format(characters=len(work.document), parts=len(pieces), language=language)
    plan = await pair.ask(pair.outside, told["plan"].format(task=work.task, facts=facts, most=_MOST_QUESTIONS))
    questions = _questions(plan) or [work.task]
    numbered = "\n".join(f"{number}. {question}" for number, question in enumerate(questions, 1))
    notes: list[list[str]] = [[] for _ in questions]
    original = Original(work.document)
    for number, piece in enumerate(pieces, 1):
        text = told["read"].format(number=number, count=len(pieces), part=piece, questions=numbered)
        for place, note in _notes(await pair.ask(Wish.PRIVATE.value, text), len(questions)):
            notes[place].append(without_copies(note, original))
    return await pair.last(
        pair.outside, told["join"].format(task=work.task, notes=_joined(questions, notes, told["nothing"]))
    )


def _questions(plan: str) -> list[str]:
    """The questions of a plan, one a line; so many and so long, no more."""
    lines = (_BULLET.sub("", line).strip()[:_LONGEST_QUESTION] for line in plan.splitlines())
    asked = [line for line in lines if line and not line.endswith((":", "："))]
    return list(dict.fromkeys(asked))[:_MOST_QUESTIONS]


def _notes(said: str, count: int) -> Iterator[tuple[int, str]]:
    """(place of the question, answer) of each numbered line; a model that does not number its only answer is understood."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for line in lines:
        found = _NUMBERED.match(line)
        if found and 1 <= int(found[1]) <= count:
            yield int(found[1]) - 1, found[2].strip()[:_LONGEST_NOTE]
        elif count == 1 and len(lines) == 1 and line.strip(".").upper() != "NONE":
            yield 0, line[:_LONGEST_NOTE]


def _joined(questions: list[str], notes: list[list[str]], nothing: str) -> str:
    parts = []
    for question, found in zip(questions, notes, strict=True):
        said = list(dict.fromkeys(note for note in found if note.strip(f"{LEFT_OUT} ")))
        parts.append("\n".join([question, *(f"- {note}" for note in said or [nothing])]))
    return "\n\n".join(parts)


async def _rewritten(pair: _Pair) -> Answer:
    """Rewrite inside, ask outside, put together inside."""
    asked, told = asked_of(pair.request), pair.words
    whole = f"{asked.context}\n\n{asked.question}".strip()
    draft = await pair.ask(Wish.PRIVATE.value, told["rewrite"].format(request=whole))
    general = without_copies(draft[:_LONGEST_REQUEST], Original(_private(pair, whole)))
    if not any(sign.isalnum() for sign in general):
        raise PolicyRefused(
            "Nothing of this request is left without its private parts.", ways_on=("Ask `auto:private`.",)
        )
    reply = await pair.ask(pair.outside, general)
    return await pair.last(Wish.PRIVATE.value, told["answer"].format(request=whole, reply=reply))


def _private(pair: _Pair, whole: str) -> str:
    """The text of which no long stretch may leave: all that is not the task; of a single text the sentences with findings."""
    try:
        return work_of(pair.request).document
    except BadRequest:
        values = {each.text for passage in pair.labelled.passages for each in passage.findings}
        return "\n".join(sentence for sentence in _SENTENCE.split(whole) if any(value in sentence for value in values))


async def _passed_on(answer: Answer, journey: Journey) -> AsyncGenerator[Frame, None]:
    try:
        async for frame in answer.frames:
            journey.first_frame()
            yield frame
        journey.close("complete")
    except BaseException as error:
        journey.fail(error)
        raise
    finally:
        await answer.frames.aclose()
