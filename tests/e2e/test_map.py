"""The map as its users meet it: points by meaning, coloured, searched, opened, moved."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import WAIT, Visit, open_tab, overflows

POINTS = "document.querySelector('.map canvas').points"
LONG = 90_000
"""Milliseconds for a layout on a busy machine."""


def open_map(page: Page) -> None:
    open_tab(page, "map")
    expect(page.locator(".legend button").first).to_be_visible(timeout=LONG)
    expect(page.locator('.map[aria-busy="false"] .map-state')).to_contain_text("1", timeout=LONG)
    page.wait_for_function(f"{POINTS}.share === 1", timeout=LONG)


def test_every_note_is_a_point_and_its_subjects_have_names(visit: Visit) -> None:
    page = visit.page
    open_map(page)
    count = page.evaluate(f"{POINTS}.count")
    expect(page.locator(".map-state")).to_have_text(f"{count} notes")
    names = page.locator(".legend .value").all_inner_texts()
    assert len(names) > 2
    assert len(set(names)) == len(names)
    expect(page.locator(".map .names span").first).to_be_visible()
    assert page.evaluate(f"{POINTS}.drawn") > 0


def test_points_are_coloured_by_what_is_chosen(visit: Visit) -> None:
    page = visit.page
    open_map(page)
    for field, value in (("lang", "Chinese"), ("kind", "Table row"), ("type", "tip"),
                         ("source", "crates.io"), ("folder", "net")):  # fmt: skip
        page.locator("[name=colour]").select_option(field)
        expect(page.locator(".legend")).to_contain_text(value)
    counts = page.locator(".legend .n").all_inner_texts()
    assert sum(map(int, counts)) == page.evaluate(f"{POINTS}.count")
    one = page.locator(".legend button").first
    one.click()
    expect(page.locator('.legend [aria-pressed="true"]')).to_have_count(1)


def test_a_question_and_its_hits_are_marked_and_a_hit_opens(visit: Visit) -> None:
    page = visit.page
    open_map(page)
    page.locator(".map-controls input").fill("tcp handshake")
    page.keyboard.press("Enter")
    expect(page.locator(".asked-here")).to_be_visible(timeout=WAIT)
    expect(page.locator(".map-hits button").first).to_contain_text("net/")
    page.locator(".map-hits button").first.click()
    expect(page.locator("dialog.opened[open] .cited").first).to_be_visible(timeout=WAIT)
    page.keyboard.press("Escape")
    page.locator(".map-controls input").fill("")
    expect(page.locator(".asked-here")).to_be_hidden(timeout=WAIT)


def test_the_map_follows_the_notes_that_it_shows(visit: Visit) -> None:
    page = visit.page
    open_map(page)
    page.evaluate(f"{POINTS}.count = 1; document.dispatchEvent(new Event('notes-changed'))")
    page.wait_for_function(f"{POINTS}.count > 1", timeout=LONG)


def test_a_click_on_a_point_opens_its_note(visit: Visit) -> None:
    page = visit.page
    open_map(page)
    box = page.locator(".map canvas").bounding_box()
    assert box is not None
    left, top = page.evaluate(
        f"(() => {{ const p = {POINTS}; return p.pixel(p.places[0], p.places[1]); }})()"
    )
    page.mouse.move(box["x"] + left, box["y"] + top)
    tip = page.locator(".map .tip")
    expect(tip).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("dialog.opened[open]")).to_be_visible(timeout=WAIT)


def test_the_map_moves_and_zooms_by_pointer_wheel_and_keys(visit: Visit) -> None:
    page = visit.page
    open_map(page)
    canvas = page.locator(".map canvas")
    view = f"JSON.stringify({POINTS}.view)"
    seen = [page.evaluate(view)]
    canvas.hover()
    page.mouse.down()
    page.mouse.move(500, 500, steps=3)
    page.mouse.up()
    seen.append(page.evaluate(view))
    page.mouse.wheel(0, -300)
    page.wait_for_function(f"{POINTS}.view.zoom > 1")
    seen.append(page.evaluate(view))
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    seen.append(page.evaluate(view))
    page.keyboard.press("-")
    seen.append(page.evaluate(view))
    assert len(set(seen)) == 5
    page.get_by_role("button", name="Show all").click()
    assert page.evaluate(f"{POINTS}.view") == {"x": 0, "y": 0, "zoom": 1}


def test_fifty_thousand_points_are_drawn_with_every_move(visit: Visit) -> None:
    """Without a graphics card a frame takes some 50 ms; the bound is for a busy machine."""
    page = visit.page
    open_map(page)
    page.evaluate(
        f"""() => {{
          const n = 50000;
          const xy = Float32Array.from({{ length: 2 * n }}, (_, i) => Math.sin(i * 12.9898) % 1);
          {POINTS}.place(xy);
          {POINTS}.paint(new Uint8Array(4 * n).fill(150), new Float32Array(n).fill(1));
        }}"""
    )
    page.locator(".map canvas").hover()
    page.mouse.down()
    taken = page.evaluate(
        f"""async () => {{
          const times = [];
          for (let i = 0; i < 40; i += 1) {{
            const began = performance.now();
            {POINTS}.pan(3, 2);
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            times.push(performance.now() - began);
          }}
          return times.sort((a, b) => a - b);
        }}"""
    )
    page.mouse.up()
    assert taken[20] < 400


def test_the_map_fits_a_phone_and_speaks_its_language(phone: Visit) -> None:
    page = phone.page
    open_map(page)
    expect(page.locator(".map-state")).to_contain_text("条笔记")
    assert not overflows(page)
