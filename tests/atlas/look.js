// What is wrong with how the page looks: cut, outside, or over one another. Nothing is an empty list.
(() => {
  const wrong = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) wrong.push(`wider than the window: ${document.documentElement.scrollWidth}`);
  const hidden = (element) => element.closest(".sr, title, style") || !element.checkVisibility();
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || hidden(node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      const text = node.data.trim().slice(0, 40);
      if (box.left < -0.5 || box.right > width + 0.5) wrong.push(`outside: ${text}`);
      // Lines of text may touch: what is measured has room above and below the letters.
      texts.push({ text, node, left: box.left, right: box.right, top: box.top + box.height * 0.2, bottom: box.bottom - box.height * 0.2 });
    }
  }
  texts.sort((one, other) => one.top - other.top);
  for (let i = 0; i < texts.length; i++) {
    for (let j = i + 1; j < texts.length && texts[j].top < texts[i].bottom; j++) {
      const across = Math.min(texts[i].right, texts[j].right) - Math.max(texts[i].left, texts[j].left);
      if (across > 1) wrong.push(`over one another: ${texts[i].text} | ${texts[j].text}`);
    }
  }
  for (const element of document.body.querySelectorAll("*")) {
    if (hidden(element) || element instanceof SVGElement) continue;
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth && getComputedStyle(element).display !== "inline")
      wrong.push(`cut: ${element.tagName} ${element.className} ${element.textContent.trim().slice(0, 40)}`);
  }
  for (const drawing of document.querySelectorAll("svg")) {
    if (hidden(drawing)) continue;
    const frame = drawing.viewBox.baseVal;
    for (const part of drawing.querySelectorAll("text, rect, circle, path.arrow")) {
      const box = part.getBBox();
      if (box.x < 0 || box.y < 0 || box.x + box.width > frame.width || box.y + box.height > frame.height)
        wrong.push(`outside of the drawing: ${part.tagName} ${part.textContent}`);
      if (part.tagName === "text" && !part.classList.contains("step")) {
        const around = [...drawing.querySelectorAll("rect")].map((rect) => rect.getBBox());
        if (!around.some((rect) => box.x >= rect.x && box.x + box.width <= rect.x + rect.width && box.y >= rect.y && box.y + box.height <= rect.y + rect.height))
          wrong.push(`out of its box: ${part.textContent}`);
      }
    }
  }
  return wrong;
})()
