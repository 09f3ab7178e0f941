// The list of articles; each opens beside it.

export default function ({ data, parentElement }) {
  return listOf(parentElement, "ul", "catalog", data, ({ entries }) => entries.map(item));
}

function item(entry) {
  const size = el("span", "size", entry.size);
  if (entry.cut_off) size.append(el("span", "cut", "breaks off in the source"));
  const byline = entry.byline ? [prose("span", "byline", entry.byline)] : [];
  return listRow({ kind: "article", article: entry.id }, prose("span", "title", entry.title), ...byline, size);
}
