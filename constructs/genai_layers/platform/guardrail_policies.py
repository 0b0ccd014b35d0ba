"""Content, topics and words: the policies of a guardrail that judge what is said."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from genai_layers.platform.guardrail_values import Action, Harm, Modality, Strength, Tier

# Amazon Bedrock quotas and the CloudFormation schema of 2026-10-20.
MAX_TOPICS = 30
MAX_TOPIC_EXAMPLES = 5
MAX_EXAMPLE_CHARACTERS = 100
MAX_DEFINITION_CHARACTERS = {Tier.CLASSIC: 200, Tier.STANDARD: 1000}
MAX_WORDS = 10_000
MAX_WORD_CHARACTERS = 100
_TOPIC_NAME_SYMBOLS = frozenset("-_ !?.")


def repeated(names: Iterable[str]) -> list[str]:
    """Return the names that occur more than once, sorted."""
    return sorted(name for name, count in Counter(names).items() if count > 1)


def passing(action: Action) -> bool:
    """Return whether *action* is one that words, topics and content filters know."""
    return action in (Action.BLOCK, Action.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentFilter:
    """
    A filter for one kind of harm.

    Attributes:
        harm: What it looks for.
        input_strength: For what people write. Default: HIGH.
        output_strength: For what the model writes. Default: HIGH; NONE for prompt attacks, which come from
            people only.
        input_action: BLOCK or NONE (report only). Default: BLOCK.
        output_action: BLOCK or NONE (report only). Default: BLOCK.
        modalities: What it reads. Default: text.
    """

    harm: Harm
    input_strength: Strength = Strength.HIGH
    output_strength: Strength | None = None
    input_action: Action = Action.BLOCK
    output_action: Action = Action.BLOCK
    modalities: Sequence[Modality] = (Modality.TEXT,)

    @property
    def effective_output_strength(self) -> Strength:
        """Output strength with its default filled in."""
        if self.output_strength is not None:
            return self.output_strength
        return Strength.NONE if self.harm is Harm.PROMPT_ATTACK else Strength.HIGH

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        faults = []
        if self.harm is Harm.PROMPT_ATTACK and self.effective_output_strength is not Strength.NONE:
            faults.append(
                f"filter PROMPT_ATTACK has output_strength {self.effective_output_strength.value}, but prompt attacks "
                "are looked for in the input only: leave output_strength out, or set it to NONE"
            )
        faults += [
            f"filter {self.harm.value} has {name} {action.value}, allowed are BLOCK and NONE"
            for name, action in (("input_action", self.input_action), ("output_action", self.output_action))
            if not passing(action)
        ]
        if not self.modalities:
            faults.append(f"filter {self.harm.value} has no modalities: name TEXT, IMAGE or both")
        return faults

    def render(self) -> dict[str, object]:
        """Return the filter as CloudFormation wants it."""
        modalities = [modality.value for modality in self.modalities]
        return {
            "type": self.harm.value,
            "inputStrength": self.input_strength.value,
            "outputStrength": self.effective_output_strength.value,
            "inputAction": self.input_action.value,
            "outputAction": self.output_action.value,
            "inputEnabled": True,
            "outputEnabled": True,
            "inputModalities": modalities,
            "outputModalities": modalities,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentPolicy:
    """
    The content filters of a guardrail.

    Attributes:
        filters: One per kind of harm. Default: every kind, at HIGH both ways.
        tier: Which models judge. Default: CLASSIC, which needs no cross-region profile.
    """

    filters: Sequence[ContentFilter] = tuple(ContentFilter(harm=harm) for harm in Harm)
    tier: Tier = Tier.CLASSIC

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        faults = [fault for one in self.filters for fault in one.faults()]
        faults += [
            f"filter {harm} is given more than once: keep one filter for each kind of harm"
            for harm in repeated(one.harm.value for one in self.filters)
        ]
        if not self.filters:
            faults.append("content has no filters: give at least one, or Off(reason=...) for the whole policy")
        return faults

    def render(self) -> dict[str, object]:
        """Return the policy as CloudFormation wants it."""
        return {
            "filtersConfig": [one.render() for one in self.filters],
            "contentFiltersTierConfig": {"tierName": self.tier.value},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DeniedTopic:
    """
    A subject that is not talked about.

    Attributes:
        name: Letters, digits, spaces and `-_!?.`, at most 100 characters.
        definition: What belongs to it, as a statement; at most 200 characters (STANDARD tier: 1,000).
        examples: Up to five things that people would say, of at most 100 characters.
    """

    name: str
    definition: str
    examples: Sequence[str] = ()

    def faults(self, tier: Tier) -> list[str]:
        """Return what the service would refuse under *tier*."""
        faults = []
        allowed = MAX_DEFINITION_CHARACTERS[tier]
        if not 1 <= len(self.name) <= 100 or not all(
            (character.isascii() and character.isalnum()) or character in _TOPIC_NAME_SYMBOLS for character in self.name
        ):
            faults.append(f"topic name {self.name!r} is not 1 to 100 of letters, digits, spaces and -_!?.")
        if not 1 <= len(self.definition) <= allowed:
            faults.append(
                f"definition of topic {self.name!r} has {len(self.definition)} characters, "
                f"allowed are 1 to {allowed} in the {tier.value} tier: shorten it, or use examples"
            )
        if len(self.examples) > MAX_TOPIC_EXAMPLES:
            faults.append(
                f"topic {self.name!r} has {len(self.examples)} examples, at most {MAX_TOPIC_EXAMPLES} are allowed"
            )
        faults += [
            f"example {example[:30]!r} of topic {self.name!r} has {len(example)} characters, "
            f"allowed are 1 to {MAX_EXAMPLE_CHARACTERS}"
            for example in self.examples
            if not 1 <= len(example) <= MAX_EXAMPLE_CHARACTERS
        ]
        return faults

    def render(self) -> dict[str, object]:
        """Return the topic as CloudFormation wants it."""
        topic: dict[str, object] = {
            "name": self.name,
            "definition": self.definition,
            "type": "DENY",
            "inputAction": "BLOCK",
            "outputAction": "BLOCK",
            "inputEnabled": True,
            "outputEnabled": True,
        }
        return {**topic, "examples": list(self.examples)} if self.examples else topic


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPolicy:
    """
    The subjects that a guardrail keeps out, in questions and in answers.

    Attributes:
        topics: At most 30.
        tier: Which models judge. Default: CLASSIC.
    """

    topics: Sequence[DeniedTopic]
    tier: Tier = Tier.CLASSIC

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        faults = [fault for topic in self.topics for fault in topic.faults(self.tier)]
        faults += [
            f"topic {name!r} is given more than once: rename one of them"
            for name in repeated(topic.name for topic in self.topics)
        ]
        if not self.topics:
            faults.append("topics has no topic: name at least one, or leave topics out")
        if len(self.topics) > MAX_TOPICS:
            faults.append(f"there are {len(self.topics)} denied topics, at most {MAX_TOPICS} are allowed: merge some")
        return faults

    def render(self) -> dict[str, object]:
        """Return the policy as CloudFormation wants it."""
        return {
            "topicsConfig": [topic.render() for topic in self.topics],
            "topicsTierConfig": {"tierName": self.tier.value},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPolicy:
    """
    Words and phrases that are stopped wherever they stand.

    Attributes:
        words: At most 10,000, of at most 100 characters each.
        profanity: Stop the words of the service's own list too. Default: True.
    """

    words: Sequence[str] = ()
    profanity: bool = True

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        faults = [
            f"word {word[:30]!r} has {len(word)} characters, allowed are 1 to {MAX_WORD_CHARACTERS}"
            for word in self.words
            if not 1 <= len(word) <= MAX_WORD_CHARACTERS
        ]
        faults += [f"word {word!r} is given more than once" for word in repeated(self.words)]
        if len(self.words) > MAX_WORDS:
            faults.append(f"there are {len(self.words)} words, at most {MAX_WORDS} are allowed: use a denied topic")
        if not self.words and not self.profanity:
            faults.append("words stops nothing: name words, or Off(reason=...) for the whole policy")
        return faults

    def render(self) -> dict[str, object]:
        """Return the policy as CloudFormation wants it."""
        both = {"inputAction": "BLOCK", "outputAction": "BLOCK", "inputEnabled": True, "outputEnabled": True}
        rendered: dict[str, object] = {}
        if self.words:
            rendered["wordsConfig"] = [{"text": word, **both} for word in self.words]
        if self.profanity:
            rendered["managedWordListsConfig"] = [{"type": "PROFANITY", **both}]
        return rendered
