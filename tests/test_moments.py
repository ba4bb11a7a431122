import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import TALK, tagged

from alliance_nlp.episodes import session_episodes
from alliance_nlp.moments import Moment, MomentKind, brief, moments


def found(session):
    return moments(session, session_episodes(session))


def talk_of(*marks):
    """Lines of a therapist, one with each mark, far apart from each other."""
    lines = []
    for mark in marks:
        lines += [("T", "Words enough to talk about.", mark), *[("C", "Yes.", {})] * 12]
    return lines


def test_kinds_come_in_the_order_of_their_weight():
    assert [(moment.kind, moment.marker) for moment in found(tagged())] == [
        ("unaddressed", "rupture"), ("addressed", "rupture"), ("clear", "empathy"), ("clear", "validation"),
        ("clear", "self_disclosure"),
    ]  # fmt: skip


def test_an_unaddressed_episode_shows_its_surest_rupture_with_a_line_around():
    talk = [("T", "Go on.", {}), ("C", "No.", {"rupture": (0.3, [])}), ("C", "I won't.", {"rupture": (0.8, [])}),
            *[("C", "Yes.", {})] * 12]  # fmt: skip
    (moment,) = found(tagged(talk=talk))
    assert moment == Moment(MomentKind.UNADDRESSED, "rupture", (2,), (1, 2, 3), 0.8, 0)


def test_an_addressed_episode_shows_the_rupture_that_the_repair_came_after():
    talk = [("C", "No.", {"rupture": (0.8, [])}), ("C", "I won't.", {"rupture": (0.3, [])}), ("T", "Mm.", {}),
            ("T", "I pushed you.", {"repair": (0.9, [])}), ("C", "A bit.", {})]  # fmt: skip
    (moment,) = found(tagged(talk=talk))
    assert (moment.focus, moment.lines) == ((1, 3), (0, 1, 3, 4))


def test_a_moment_at_the_edge_of_a_session_has_no_line_beyond():
    (moment,) = found(tagged(talk=[("C", "No.", {"rupture": (0.8, [])})]))
    assert moment.lines == (0,)


def test_the_two_surest_lines_of_a_marker_are_shown():
    talk = talk_of(*({"empathy": (probability, [])} for probability in (0.6, 0.9, 0.7)))
    assert [moment.probability for moment in found(tagged(talk=talk))] == [0.9, 0.7]


def test_slight_evidence_is_no_moment():
    assert found(tagged(talk=talk_of({"empathy": (0.49, [])}))) == []


def test_a_line_of_hardly_any_words_is_no_moment():
    assert found(tagged(talk=[("T", "Mm, hm, yes.", {"empathy": (0.9, [])})])) == []


def test_many_episodes_are_not_all_moments():
    talk = [line for number in range(9) for line in
            (("C", "No.", {"rupture": (0.3 + 0.05 * number, [])}), *[("T", "Mm.", {})] * 12)]  # fmt: skip
    assert [moment.probability for moment in found(tagged(talk=talk))] == pytest.approx([0.7, 0.65, 0.6, 0.55])


def test_without_marks_there_is_no_moment():
    assert found(tagged(talk=[("T", "Hello.", {}), ("C", "Hello.", {})])) == []


def test_in_brief_no_kind_crowds_out_the_others():
    many = [Moment(MomentKind.UNADDRESSED, "rupture", (place,), (place,), 0.5, place) for place in range(4)]
    clear = [Moment(MomentKind.CLEAR, name, (9,), (9,), 0.9) for name in ("empathy", "empathy", "validation")]
    assert brief(many + clear, 4) == [many[0], many[1], clear[0], clear[2]]


kinds = st.tuples(st.sampled_from(list(MomentKind)), st.sampled_from(["rupture", "empathy", "validation"]))


@given(st.lists(kinds, max_size=12), st.integers(0, 14))
def test_in_brief_they_keep_their_order(kinds, most):
    all_of_them = [Moment(kind, marker, (place,), (place,), 0.5) for place, (kind, marker) in enumerate(kinds)]
    few = brief(all_of_them, most)
    assert len(few) == min(most, len(kinds))
    assert few == [moment for moment in all_of_them if moment in few]
    assert {m.kind for m in few} == {m.kind for m in all_of_them} or len(few) < len({m.kind for m in all_of_them})


def test_the_moments_of_the_made_talk_lie_where_its_comment_says():
    first, second = session_episodes(tagged())
    assert (first.ruptures, first.repair, first.answered) == ((3,), 4, 3)
    assert (second.ruptures, second.repair, second.answered) == ((len(TALK) - 3,), None, None)
