"""What is measured of a page that is shown: accessibility, text that is cut, focus that is hidden."""

from importlib import resources

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text()
"""axe-core 4.12.1, from the wheel."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


def violations(page):
    """What axe finds against WCAG 2.0 to 2.2, A and AA: `rule: where` each."""
    page.evaluate(AXE)
    found = page.evaluate(
        "tags => axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })", TAGS
    )
    return [
        f"{each['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


_CUT = """() => {
  const found = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) found.push(`the page is ${wide} wide in a window of ${innerWidth}`);
  for (const each of document.querySelectorAll('body *')) {
    if (each.closest('.visually-hidden, .skip, svg, [popover]:not(:popover-open), dialog:not([open]), [hidden]')) continue;
    const said = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!said || !each.checkVisibility()) continue;
    const name = `${each.tagName}.${each.className}: ${each.textContent.trim().slice(0, 60)}`;
    const style = getComputedStyle(each);
    if (style.clipPath !== 'none') continue;
    if (style.overflowX !== 'visible' && !each.matches('.title, pre, textarea, select') && style.overflowX !== 'auto'
        && each.scrollWidth > each.clientWidth + 1) found.push(`cut ${name}`);
    const box = each.getBoundingClientRect();
    let rolls = false;
    for (let up = each; up && !rolls; up = up.parentElement)
      rolls = ['auto', 'scroll', 'hidden'].includes(getComputedStyle(up).overflowX) && up !== document.documentElement && up !== document.body;
    if (!rolls && box.width && (box.right > innerWidth + 1 || box.left < -1)) found.push(`outside ${name}`);
  }
  return found;
}"""


def cut(page):
    """Text that is cut off, or stands outside the window with no way to roll there."""
    return page.evaluate(_CUT)


_COVERED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const boxes = [...at.getClientRects()].filter((box) => box.width && box.height);
  if (!boxes.length) return { name: at.outerHTML.slice(0, 120), seen: false };
  const seen = boxes.some((box) => [.1, .5, .9].some((x) => [.1, .5, .9].some((y) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    const frame = top?.matches('main, body, html, .bottom, .top, .rail');
    return top && (at.contains(top) || top.contains(at) && !frame || top.closest('label')?.contains(at));
  })));
  const style = getComputedStyle(at);
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
    || at.matches('#text') || at.matches('main');
  return { name: at.outerHTML.slice(0, 120), seen, ring };
}"""


def hidden_focus(page, most=160):
    """Goes through a page by Tab; what has the focus and cannot be seen, or does not show that it has it."""
    page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0) }")
    found, first = [], None
    for _ in range(most):
        page.keyboard.press("Tab")
        told = page.evaluate(_COVERED)
        if told is None or told["name"] == first:
            break
        first = first or told["name"]
        if not told["seen"]:
            found.append(f"covered {told['name']}")
        elif not told["ring"]:
            found.append(f"no ring {told['name']}")
    return found
