// The list of articles; each opens beside it.

/** @param {Component<{ entries: CatalogEntry[] }>} component */
export default function ({ data, parentElement }) {
  return listOf(parentElement, "ul", "catalog", data, ({ entries }) => entries.map(item));
}

/** @param {CatalogEntry} entry */
function item(entry) {
  const size = el("span", "size", entry.size);
  if (entry.cut_off) size.append(el("span", "cut", WORDS.breaks_off_in_the_source));
  const byline = entry.byline ? [prose("span", "byline", entry.byline)] : [];
  return listRow({ kind: "article", article: entry.id }, prose("span", "title", entry.title), ...byline, size);
}
