"""`PlotCode`: titles that are set, and bars that are turned with all that belongs to an axis."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from llm_notebook.llm.offline.plotcode import PlotCode

mpl.use("Agg")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("df.plot()", 'ax = df.plot()\nax.set_title("Ä");'),
        ("x = 'ä'; df.plot.bar();", "x = 'ä'; ax = df.plot.bar();\nax.set_title(\"Ä\");"),
        ("chart = df.plot()", 'chart = df.plot()\nchart.set_title("Ä");'),
        ("ax = df.plot(title='old')", 'ax = df.plot(title="Ä")'),
        ("ax.set_title('old')  # why", 'ax.set_title("Ä")  # why'),
        ("plt.bar(x, y)\nplt.title('old')", 'plt.bar(x, y)\nplt.title("Ä")'),
        ("ax.set(xlabel='x')", None),
        ("ax = df.plot()\nax.set(xlabel='x')", "ax = df.plot()\nax.set(xlabel='x', title=\"Ä\")"),
        ("df.plot()\ndf.plot()", None),
        ("print(1)", None),
    ],
)
def test_setting_a_title(source: str, expected: str | None) -> None:
    changed = PlotCode(source)
    assert changed.set_text("title", "Ä") == (expected is not None)
    if expected is not None:
        assert changed.changed() == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("df.plot.bar(rot=0)", "df.plot.barh()"),
        ('df.plot(kind="bar")', 'df.plot(kind="barh")'),
        ("df.plot.bar(x='a', rot=0)", "df.plot.barh(x='a')"),
        ("plt.bar(x, y)\nplt.xlabel('x')", "plt.barh(x, y)\nplt.ylabel('x')"),
        ("ax = df.plot.bar()\nax.set_ylabel('n')", "ax = df.plot.barh()\nax.set_xlabel('n')"),
        ("df.plot.bar(rot=0, color='r')", "df.plot.barh(color='r')"),
        ("df.plot.bar(yerr=e, ylim=(0, 9))", "df.plot.barh(xerr=e, xlim=(0, 9))"),
        ("df.plot.bar().set_ylabel('n')", "df.plot.barh().set_xlabel('n')"),
        ("plt.bar(x, y, width=0.5, yerr=1)", "plt.barh(x, y, height=0.5, xerr=1)"),
        ("plt.bar(x=a, height=b, bottom=c)", "plt.barh(y=a, width=b, left=c)"),
        (
            "fig, chart = plt.subplots()\nchart.bar(x, y)\nchart.set_ylim(0, 9)\n"
            "chart.axhline(y=3, xmin=0.1)\nchart.set(ylabel='n', xticks=[1])\n"
            "chart.grid(axis='y')\nchart.yaxis.set_major_formatter(f)\nfig.savefig('a.png')",
            "fig, chart = plt.subplots()\nchart.barh(x, y)\nchart.set_xlim(0, 9)\n"
            "chart.axvline(x=3, ymin=0.1)\nchart.set(xlabel='n', yticks=[1])\n"
            "chart.grid(axis=\"x\")\nchart.xaxis.set_major_formatter(f)\nfig.savefig('a.png')",
        ),
        (
            "plt.bar(x, y)\nplt.xticks(x, names)\nplt.tick_params(axis='x')\nplt.title('x')",
            "plt.barh(x, y)\nplt.yticks(x, names)\nplt.tick_params(axis=\"y\")\nplt.title('x')",
        ),
        # What is not known to be the same for both, or to belong to one axis, leaves all as it is.
        ("plt.bar(x, y)\nplt.text(1, 2, 'a')", None),
        ("plt.bar(x, y)\nplt.plot(x, y)", None),
        ("plt.bar(x, y, **more)", None),
        ("plt.bar(x, y, novel=1)", None),
        ("plt.bar(x, y)\nplt.xlabel('x', loc='left')", None),
        ("ax = df.plot.bar()\nlabel(ax)", None),
        ("ax = df.plot.bar()\ndf.plot.line(ax=ax)", None),
        ("ax = df.plot.bar()\nsns.lineplot(df, ax=ax)", None),
        ("ax = df.plot.bar()\nfor bar in ax.patches:\n    print(bar.get_height())", None),
        ("ax = df.plot.bar()\nax.spines['left'].set_visible(False)", None),
        ("px.bar(df, x='a', y='b')", None),
        ("df.plot.line()", None),
    ],
)
def test_turning_bars(source: str, expected: str | None) -> None:
    changed = PlotCode(source)
    assert changed.turn_bars(horizontal=True) == (expected is not None)
    if expected is not None:
        assert changed.changed() == expected


@pytest.mark.parametrize(
    "source",
    [
        "ax = df.plot.bar(rot=0, yerr=[1, 2], ylim=(0, 9), xticks=[0, 1], logy=True, width=0.3)\n"
        "ax.set_ylim(1, 5)\nax.axhline(2)\nax.set(xlabel='k', ylabel='n')",
        "fig, ax = plt.subplots()\n"
        "ax.bar(['a', 'b'], [3, 4], width=0.5, yerr=1, bottom=1)\n"
        "ax.set_yticks([0, 5], ['l', 'h'])\n"
        "ax.set_ylim(0, 6)\nax.hlines(2, xmin=0, xmax=1)\nax.margins(x=0.2)\nax.grid(axis='y')",
    ],
)
def test_turned_bars_are_drawn_with_their_sides_changed(source: str) -> None:
    def drawn(code: str) -> tuple[list[float], list[str], tuple[float, float], str]:
        plt.close("all")
        names = {"df": pd.DataFrame({"n": [3, 4]}, index=["a", "b"]), "plt": plt}
        exec(code, names)
        ax: Any = names["ax"]
        wide = [bar.get_width() for bar in ax.patches]
        high = [bar.get_height() for bar in ax.patches]
        across = wide if ".barh(" in code else high
        axis = ax.xaxis if ".barh(" in code else ax.yaxis
        limits = ax.get_xlim() if ".barh(" in code else ax.get_ylim()
        ticks = [label.get_text() for label in axis.get_ticklabels()]
        return across, ticks, limits, axis.get_label_text()

    changed = PlotCode(source)
    assert changed.turn_bars(horizontal=True)
    assert drawn(changed.changed()) == drawn(source)
    back = PlotCode(changed.changed())
    assert back.turn_bars(horizontal=False)
    assert drawn(back.changed()) == drawn(source)
