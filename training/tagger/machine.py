"""Code, logs, settings and headings made of English words: full of capitals and dots, and hardly ever a name in it."""

from __future__ import annotations

from random import Random

import fillers
import salad

Text = tuple[str, list[tuple[int, int, str]]]


def _w(random: Random) -> str:
    pool = salad.common()
    return pool[int(min(len(pool), 9000) * random.random() ** 1.6)]


def _snake(random: Random) -> str:
    return "_".join(_w(random) for _ in range(random.choice([1, 2, 2, 3])))


def _camel(random: Random) -> str:
    return "".join(_w(random).capitalize() for _ in range(random.choice([1, 2, 2, 3])))


def _mixed(random: Random) -> str:
    return _w(random) + _camel(random)


def _acronym(random: Random) -> str:
    return "".join(random.choice("ABCDEFGHILMNOPRSTUVX") for _ in range(random.choice([2, 3, 3, 3, 4, 5])))


def _heading(random: Random) -> str:
    return " ".join(_w(random).capitalize() for _ in range(random.choice([1, 2, 2, 3, 4])))


def _constant(random: Random) -> str:
    return "_".join(_w(random).upper() for _ in range(random.choice([1, 2, 2, 3])))


def _value(random: Random) -> str:
    return random.choice([
        lambda: fillers.number(random), lambda: f'"{_w(random)}"', lambda: f"'{_heading(random)}'", lambda: "None", lambda: "True", lambda: _snake(random),
        lambda: f"{_snake(random)}.{_snake(random)}", lambda: f"0x{random.randrange(65536):04X}", lambda: f"[{', '.join(fillers.number(random) for _ in range(random.randint(1, 6)))}]",
        lambda: f"{_camel(random)}({_snake(random)}={fillers.number(random)})", lambda: f"{random.randint(0, 9)}.{random.randint(0, 99)}", lambda: f'"{fillers.token(random, random.choice([8, 16, 32]))}"', lambda: f'r"[\\w.-]+@{_w(random)}"',
    ])()  # fmt: skip


FORMS = (
    "import S|from S import C|from S.S import C, C|def S(self, S: str, S: int = V) -> C:|class C(C):|    return S.S(V, S=V)|raise C(\"W W W\")|S = V|S: str | None = V|if S is None and not S:|for S in S.S(V):|"
    "@S.S|except C as S:|# W W W S|// H: W the W|K = V|self.S = S or V|assert S(V) == V|with S(V) as S:|\"S\": V,|{\"S\": V, \"S\": \"W\"}|S[V:V]|const M = await M.M(V);|function M(M, M) { return M.M; }|export default C;|let M = () => M(V);|"
    "SELECT S, S FROM S WHERE S = V;|CREATE TABLE S (S INT, S TEXT);|- name: S|S:|  S: V|[S.S]|S = \"V\"|--S=V|$ S S --S V|S S -A V|<div class=\"S\">W W</div>|<M M=\"W\" />|* `S` - W W W|## H|# H|- H: W W A|1. H|H > H > H|Click H, then H.|"
    "INFO S.S: W W V|D ERROR [S] W: W W|A and A|the A W of A|W W (A) W|Open H and W the W|| A | W | V ||A/A|License :: A Approved|Requires-Dist: S>=V|**H**: W W W|[H](N)|N|The H W W W.|W H W|Our H W in H is W|A: W W|e.g. W, W|i.e. the W A|vN|T|T T|git W -A|W.W()|C::C|C.C|std::S<C>|&S|S->S|S!=V|"
    "How do I W a W in A?|H: V%|W, W, W and W|H and H|H or H|H H|the H|a H W|H (W)|Step V: W the H|Figure V. H|Table V: H W|Q: W W W?|A. W W|Part B: H|Section V.V H|Chapter V: H|Re: H|FW: H W|NB: W W"
).split("|")  # fmt: skip


def line(random: Random) -> str:
    makes = {
        "S": _snake,
        "C": _camel,
        "M": _mixed,
        "W": _w,
        "A": _acronym,
        "H": _heading,
        "K": _constant,
        "V": _value,
        "N": fillers.net,
        "D": fillers.date,
        "T": lambda r: fillers.token(r, 20),
    }
    form, out = random.choice(FORMS), []
    for at, char in enumerate(form):
        before, after = form[at - 1 : at], form[at + 1 : at + 2]
        out.append(char if char not in makes or before.isalpha() or after.isalpha() else makes[char](random))
    return "".join(out)


def text(random: Random) -> Text:
    return random.choice(["\n", "\n", " ", " | ", "\n\n"]).join(line(random) for _ in range(random.randint(1, 6))), []
