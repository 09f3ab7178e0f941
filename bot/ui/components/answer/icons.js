// The signs of what can be done with an answer. Each button says in words what it does, to the eye when it is pointed at.

const SIGNS = {
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  again: "M13 8a5 5 0 1 1-1.6-3.7M13.2 2.2v2.6h-2.6",
  review: "M2.5 4h7M2.5 8h4M2.5 12h4M9 11l2 2 3.5-4.5",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  link: "M6.8 9.2a2.8 2.8 0 0 0 4 0l2-2a2.8 2.8 0 0 0-4-4l-.8.8M9.2 6.8a2.8 2.8 0 0 0-4 0l-2 2a2.8 2.8 0 0 0 4 4l.8-.8",
  trace: "M2.5 3.5h3M2.5 8h6M2.5 12.5h9M7.5 3.5h6M10.5 8h3",
  standing: "M8 2.2a4 4 0 0 0-4 4c0 3.5-1.5 4.8-1.5 4.8h11S12 9.7 12 6.2a4 4 0 0 0-4-4zM6.8 13.3a1.3 1.3 0 0 0 2.4 0",
  lab: "M6.5 2h3M7 2v4L3 13.5h10L9 6V2M4.8 10.2h6.4",
  keep: "M4 2.5h8v11l-4-2.8-4 2.8z",
  useful: "M5 7l2.7-5c1 0 1.6.8 1.4 1.8L8.7 6h3.6c.8 0 1.4.7 1.2 1.5l-1 4.8c-.1.7-.7 1.2-1.4 1.2H5zM5 7H2.5v6.5H5",
  wrong: "M5 9l2.7 5c1 0 1.6-.8 1.4-1.8L8.7 10h3.6c.8 0 1.4-.7 1.2-1.5l-1-4.8c-.1-.7-.7-1.2-1.4-1.2H5zM5 9H2.5V2.5H5",
  missing_source: "M9.5 2H4v12h8V4.5zM9.5 2v2.5H12M8 7.2v2.4M8 11.6h.01",
};

function iconAction(icon, label) {
  const node = button("act");
  node.append(drawing(SIGNS[icon]));
  node.title = label;
  node.setAttribute("aria-label", label);
  return node;
}
