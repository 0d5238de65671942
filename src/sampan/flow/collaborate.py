"""Two models on one text that only one of them may see.

Every request between them takes the whole way of `flow/run.py`: labelled, decided, cleared, recorded, each with a receipt
of its own. What is made of the text carries the text's labels, and no long stretch of it is copied out.
"""

import re
from collections.abc import AsyncGenerator
from functools import partial

from msgspec import structs

from sampan.contract.answer import Frame
from sampan.contract.errors import BadRequest, EngineUnavailable, PolicyRefused, SampanError, UpstreamError
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
from sampan.flow.notes import MOST_QUESTIONS, general_of, made_up, notes_of, questions_of
from sampan.flow.parts import Work, inner_request, last_request, pieces_of, words, work_of
from sampan.flow.refusal import as_error
from sampan.flow.run import label, run
from sampan.flow.stages import Stages
from sampan.flow.verbatim import LEFT_OUT, Original, shortened, without_copies

_NOTED, _WRITTEN = 60, 250
"""Tokens of an answer to one question, and of a rewritten request: what a model of an own device may take for them."""
_LONGEST_REQUEST, _BEGINNING = 4000, 400
_LEAST = 12
"""Letters and digits of a rewritten request that asks for something."""
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

    async def ask(self, asked: str, text: str, most: int = 0) -> str:
        """Ask one of the two, and hear it to the end. most: as of `inner_request`."""
        request = inner_request(self.request, asked, text, most)
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
    if labelled.files or labelled.labels.unread:
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
    plan = await pair.ask(pair.outside, told["plan"].format(task=work.task, facts=facts, most=MOST_QUESTIONS))
    questions = questions_of(plan) or [work.task]
    notes, unread = await _read(pair, pieces, questions, Original(work.document))
    joined = _joined(questions, notes, told["nothing"])
    if unread:
        joined += "\n\n" + told["unread"].format(unread=unread, count=len(pieces))
    return await pair.last(pair.outside, told["join"].format(task=work.task, notes=joined))


async def _read(
    pair: _Pair, pieces: list[str], questions: list[str], original: Original
) -> tuple[list[list[str]], int]:
    """What was noted to each question, piece by piece, and how many pieces could not be read.

    Raises:
        SampanError: not one of them could.
    """
    numbered = "\n".join(f"{number}. {question}" for number, question in enumerate(questions, 1))
    notes: list[list[str]] = [[] for _ in questions]
    failed: list[SampanError] = []
    for number, piece in enumerate(pieces, 1):
        text = pair.words["read"].format(number=number, count=len(pieces), part=piece, questions=numbered)
        try:
            said = await pair.ask(Wish.PRIVATE.value, text, _NOTED * len(questions))
        except (UpstreamError, EngineUnavailable) as error:
            failed.append(error)
            continue
        for place, note in notes_of(said, questions):
            if not made_up(note, piece):
                notes[place].append(shortened(note, original))
    if len(failed) == len(pieces):
        raise failed[-1]
    return notes, len(failed)


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
    general = await _general(pair, whole)
    reply = await pair.ask(pair.outside, general)
    return await pair.last(Wish.PRIVATE.value, told["answer"].format(request=whole, reply=reply))


async def _general(pair: _Pair, whole: str) -> str:
    """What is asked, without its private parts: from the task and how the text begins, or where nothing is left of that, from the task.

    A small model that is shown all of a long text writes about the text, or answers it.

    Raises:
        PolicyRefused: nothing is left of either.
    """
    original, work = Original(_private(pair, whole)), _work(pair, whole)
    for beginning in dict.fromkeys((work.document[:_BEGINNING], "")):
        text = pair.words["rewrite"].format(beginning=beginning.strip(), task=work.task[:_LONGEST_REQUEST])
        draft = general_of(await pair.ask(Wish.PRIVATE.value, text, _WRITTEN))
        general = without_copies(draft[:_LONGEST_REQUEST], original).strip()
        if sum(sign.isalnum() for sign in general) >= _LEAST:
            return general
    raise PolicyRefused("Nothing of this request is left without its private parts.", ways_on=("Ask `auto:private`.",))


def _work(pair: _Pair, whole: str) -> Work:
    """Task and text; a request that cannot be taken apart is all task."""
    try:
        return work_of(pair.request)
    except BadRequest:
        return Work(whole, "")


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
