"""What reports say, in the words of the clinic, the same on a page, in a document and in the terminal."""

from __future__ import annotations

from alliance_nlp.codebook import CodeSet
from alliance_nlp.episodes import REACH, Episode
from alliance_nlp.evaluation import Estimate
from alliance_nlp.evidence import Evidence
from alliance_nlp.moments import Moment
from alliance_nlp.overview import SessionOverview
from alliance_nlp.reference import Reference
from alliance_nlp.reports.sets import full_title
from alliance_nlp.stored_results import Run
from alliance_nlp.transcript import SpeakerRole

EVIDENCE = {Evidence.STRONG: "strong", Evidence.FAIR: "fair", Evidence.SLIGHT: "slight"}
EVIDENCE_MEANS = {
    Evidence.STRONG: "strong: at least three to one in favour",
    Evidence.FAIR: "fair: more likely than not",
    Evidence.SLIGHT: "slight: worth a look, less likely than not",
}
LIMITS = (
    "A mark says that a line resembles those that coders marked. It is a pointer to read on, not a finding.",
    "No figure here judges the therapist or the client. More or fewer marks is neither better nor worse.",
    "How often the program is right, and how much it finds, is known for talk like that of the training sessions. On "
    "other talk both are usually worse; only coded sessions of your own can tell.",
    "The program reads words alone. Tone of voice, pauses, faces, and what the two know of each other are not in it.",
    "Intervals say how far a rate could be off for want of lines. They do not hold the program's own errors.",
    "A rupture that nobody put into words is not marked, and a strain can be taken up in ways that are not marked.",
)
WITHOUT_ORDER = (
    "The sessions stand in the order of their names, which need not be that in which they were held; no trend is "
    "drawn. Write the date or number of every session into a table with the columns session_id and date, or session_id "
    "and session_number, and name that table with report --sessions-info."
)
TREND_LIMITS = (
    "A trend is a logistic regression on the number of the session; the band is its 95 % interval, widened where "
    "sessions differ more than chance. What its line runs from and to is fitted to all sessions, not what the first "
    "and the last had. Of twenty trends without any change, one looks clear by chance.",
    "Whiskers show how far a session's rate could be off for want of lines. They do not hold the program's own errors.",
    "A change in what is talked about, or in who transcribes, moves these figures as well as a change in the work.",
)
MEASURED = (
    "Right: of 100 lines that the program marks, how many coders marked. "
    "Found: of 100 lines that coders marked, how many it marks."
)
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def counted(number: int, noun: str) -> str:
    """``no rupture episodes``, ``one rupture episode``, ``12 rupture episodes``."""
    return f"{_in_words(number)} {noun}{'' if number == 1 else 's'}"


def _in_words(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def headline(overview: SessionOverview) -> str:
    """How it went between the two, in a sentence or two."""
    return " ".join(filter(None, [_course(overview), _silent(overview)]))


def _silent(overview: SessionOverview) -> str:
    """That a role has no lines, since "none was marked" would read as if something could have been."""
    spoken = overview.summary.utterances
    roles = [str(role) for role in SpeakerRole if any(marker.role == role for marker in overview.tagged.markers)]
    silent = [role for role in roles if not spoken[SpeakerRole(role)]]
    if not silent:
        return ""
    nothing = "nothing could be marked" if silent == roles else "nothing of theirs could be marked"
    return f"There are no lines of the {' or the '.join(silent)} in this transcript, so {nothing}."


def _course(overview: SessionOverview) -> str:
    """What was marked of ruptures, or where they are not coded of the rest; empty where nobody could have had any."""
    names = [marker.name for marker in overview.tagged.markers]
    if not overview.episodes_coded:
        in_sets = {name for code_set in overview.tagged.sets for name in code_set.code_names}
        independent = [marker.count for marker in overview.summary.markers if marker.name not in in_sets]
        marks = f"{counted(sum(independent), 'mark')} in this session.".capitalize() if independent else ""
        return " ".join(filter(None, [marks, *(_of_set(overview, code_set) for code_set in overview.tagged.sets)]))
    if not overview.episodes:
        repairs = overview.summary.markers[names.index("repair")].count
        rest = f"{counted(repairs, 'repair').capitalize()} without a rupture before." if repairs else ""
        coded_on = SpeakerRole(overview.tagged.markers[names.index("rupture")].role)
        return " ".join(filter(None, ["No rupture was marked." if overview.summary.utterances[coded_on] else "", rest]))
    addressed = sum(episode.addressed for episode in overview.episodes)
    begin = counted(len(overview.episodes), "possible rupture episode").capitalize()
    if not overview.summary.utterances[SpeakerRole(overview.tagged.markers[names.index("repair")].role)]:
        return f"{begin}."
    if addressed == len(overview.episodes):
        return f"{begin}, taken up." if addressed == 1 else f"{begin}, all taken up."
    if not addressed:
        return f"{begin}, not taken up." if len(overview.episodes) == 1 else f"{begin}, none taken up."
    return f"{begin}: {_in_words(addressed)} taken up, {_in_words(len(overview.episodes) - addressed)} not."


def _of_set(overview: SessionOverview, code_set: CodeSet) -> str:
    """The mean level of a set, or its commonest code, in a sentence."""
    mean = next((level.mean for level in overview.summary.levels if level.name == code_set.name), None)
    if mean is not None:
        highest = code_set.lowest + len(code_set.codes) - 1
        return f"{code_set.title}: mean level {mean:.1f}, of {code_set.lowest} to {highest}."
    of_codes = [marker for marker in overview.summary.markers if marker.name in code_set.code_names]
    commonest = max(of_codes, key=lambda marker: marker.count)
    if not commonest.count:
        return ""
    title = next(code.title for code in code_set.codes if code.name == commonest.name)
    share = round(100 * commonest.count / commonest.utterances)
    return f"{code_set.title}: mostly {title.lower()} ({share} % of the {code_set.role}'s lines)."


def talk(overview: SessionOverview) -> str:
    """Who talked how much."""
    share = overview.summary.talk_share
    therapist = share[SpeakerRole.THERAPIST]
    if therapist is None:
        return "No words were spoken."
    others = share[SpeakerRole.OTHER]
    rest = f", others {100 * others:.0f} %" if others else ""
    client = share[SpeakerRole.CLIENT] or 0
    return f"Of the words, the therapist spoke {100 * therapist:.0f} %, the client {100 * client:.0f} %{rest}."


def moment_title(overview: SessionOverview, moment: Moment) -> str:
    """Why a moment is worth talking about."""
    if moment.episode is not None:
        return f"Rupture, {taken_up(overview, overview.episodes[moment.episode])}"
    marker = next(marker for marker in overview.tagged.markers if marker.name == moment.marker)
    return full_title(marker, overview.tagged.sets)


def taken_up(overview: SessionOverview, episode: Episode) -> str:
    """Whether and when a rupture episode was taken up."""
    if episode.repair is not None and episode.answered is not None:
        lines = episode.repair - episode.answered
        return "taken up in the next line" if lines == 1 else f"taken up {lines} lines later"
    ends_soon = episode.ruptures[-1] + REACH >= len(overview.tagged.session.utterances)
    return "not taken up before the session ends" if ends_soon else "not taken up"


def excerpt(text: str, characters: int) -> str:
    """The beginning of a text, cut between words."""
    flat = " ".join(text.split())
    if len(flat) <= characters:
        return flat
    cut = flat[:characters].rsplit(" ", 1)[0]
    return f"{cut[:characters]} …"


def speaker_label(role: SpeakerRole, speaker: str) -> str:
    """Who speaks, in short."""
    return {SpeakerRole.THERAPIST: "T", SpeakerRole.CLIENT: "C"}.get(role) or speaker or "other"


def of_a_hundred(estimate: Estimate | None) -> str:
    """A measured share: ``36 (32–41) of 100``."""
    if estimate is None:
        return "not measured"
    return f"{100 * estimate.value:.0f} of 100 ({100 * estimate.low:.0f}–{100 * estimate.high:.0f})"


def trained_on(run: Run) -> str:
    """Where the measured figures come from."""
    if not run.measured:
        return "The model that set the marks carries no measured figures."
    numbers = ", ".join(
        f"{run.trained_on[name]:,} {name}" for name in ("sessions", "clients") if name in run.trained_on
    )
    return (
        f"Measured on the model's own training sessions ({numbers}), each time on clients that it had not seen, "
        "against coders' marks; in brackets the 95 % interval."
    )


def reference_words(reference: Reference | None, shown_as: str) -> str:
    """What the figures stand beside, and how that is shown."""
    if reference is None:
        return "There are no other sessions marked by this model to compare with."
    return f"{shown_as}: the middle 80 % of {reference.source}, marked by the same model."
