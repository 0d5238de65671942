"""What the rules in force say of dismissals by the person who runs this. Loaded only where there is a dismissal."""

from sampan.contract.labels import Kind
from sampan.decide.packs import folders_of
from sampan.decide.question import Asker, Question
from sampan.decide.rulebook import Rulebook
from sampan.decide.vocabulary import Action
from sampan.serve.guard import owner_name
from sampan.settings import Settings


class Ruling:
    """Answers from the folders that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._policies = Rulebook(folders_of(settings.policy, settings.home)).current()
        self._asker = Asker(owner_name(), "sampan-cli")

    def permits(self, kind: Kind) -> bool:
        """Whether findings of this kind may be called false; a look-alike is no matter of policy, and stays."""
        return kind is not Kind.LOOKALIKE and self._policies.ask(Question(Action.UNMASK, self._asker, kind)).allowed
