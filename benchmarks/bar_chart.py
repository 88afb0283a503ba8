"""A bar chart as SVG, for a page that is read without a program."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

ROW, TOP, LABELS, BARS = 26, 46, 470, 380


def bar_chart(title: str, bars: Sequence[tuple[str, float]]) -> str:
    """Return an SVG with one bar per ratio; a line marks 1, where nothing is gained.

    Args:
        title: Above the bars.
        bars: Label and ratio.
    """
    longest = max((ratio for _, ratio in bars), default=1.0)
    scale = BARS / max(longest, 1.0)
    height = TOP + ROW * len(bars) + 12
    width = LABELS + BARS + 70
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="12" y="24" font-size="16" fill="#1d2733">{escape(title)}</text>',
    ]
    for index, (label, ratio) in enumerate(bars):
        y = TOP + ROW * index
        parts += [
            f'<text x="{LABELS - 10}" y="{y + 15}" text-anchor="end" fill="#1d2733">{escape(label)}</text>',
            f'<rect x="{LABELS}" y="{y + 2}" width="{ratio * scale:.1f}" height="18" fill="#2f6fb5"/>',
            f'<text x="{LABELS + ratio * scale + 6:.1f}" y="{y + 15}" fill="#1d2733">{ratio:.1f}</text>',
        ]
    one = LABELS + scale
    parts.append(f'<line x1="{one:.1f}" y1="{TOP - 6}" x2="{one:.1f}" y2="{height - 8}" stroke="#b23b3b"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"
