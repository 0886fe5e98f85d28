// The Markdown that summaries are written in, as elements. What is not understood stays text; no markup comes through.

import { el } from "./dom.js";
import { clock, secondsOf } from "./times.js";

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^(\s*)([-*+•]|\d{1,3}[.)])\s+(.*)$/;
const QUOTE = /^>\s?(.*)$/;
const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/;
const TIME = String.raw`(?:\d{1,2}:)?\d{1,3}:[0-5]\d`;
// In this order: code, bold, emphasis, a link, a bare time, with or without brackets.
const SPANS = new RegExp(
  [
    "`([^`]+)`",
    String.raw`\*\*(?=\S)(.+?)(?<=\S)\*\*`,
    String.raw`(?<![\p{L}\p{N}_])__(?=\S)(.+?)(?<=\S)__(?![\p{L}\p{N}_])`,
    String.raw`\*(?=[^\s*])(.+?)(?<=[^\s*])\*`,
    String.raw`(?<![\p{L}\p{N}_])_(?=[^\s_])(.+?)(?<=[^\s_])_(?![\p{L}\p{N}_])`,
    String.raw`\[([^\]]*)\]\(([^()\s]*)\)`,
    String.raw`\[(${TIME})\]`,
    String.raw`(?<![\d:])(${TIME})(?![\d:])`,
  ].join("|"),
  "u",
);

/** The elements of a text; `onTime(seconds)` hears which time was chosen. */
export function markdown(text, onTime) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const blocks = [];
  while (lines.length) {
    if (!lines[0].trim() || RULE.test(lines[0])) lines.shift();
    else blocks.push(block(lines, onTime));
  }
  return blocks;
}

/** Take one block off the lines. */
function block(lines, onTime) {
  const heading = HEADING.exec(lines[0]);
  if (heading) {
    lines.shift();
    return el(`h${Math.min(heading[1].length + 2, 6)}`, {}, ...spans(heading[2], onTime)); // the page has h1 and h2
  }
  if (ITEM.test(lines[0])) return list(lines, onTime);
  if (QUOTE.test(lines[0])) return el("blockquote", {}, ...markdown(taken(lines, QUOTE).join("\n"), onTime));
  return paragraph(lines, onTime);
}

function taken(lines, pattern) {
  const found = [];
  while (lines.length && pattern.test(lines[0])) found.push(pattern.exec(lines.shift())[1]);
  return found;
}

/** Items of one depth; deeper ones are lists within. */
function list(lines, onTime) {
  const [, indent, sign] = ITEM.exec(lines[0]);
  const node = el(/\d/.test(sign) ? "ol" : "ul", { start: /\d/.test(sign) ? Number.parseInt(sign, 10) : null });
  while (lines.length) {
    const item = ITEM.exec(lines[0]);
    if (item && item[1].length > indent.length && node.lastChild) node.lastChild.append(list(lines, onTime));
    else if (item && item[1].length >= indent.length && /\d/.test(item[2]) === /\d/.test(sign)) {
      lines.shift();
      node.append(el("li", {}, ...spans([item[3], ...continuation(lines)].join(" "), onTime)));
    } else break;
  }
  return node;
}

/** The lines that go on with an item. */
function continuation(lines) {
  const more = [];
  while (lines.length && /^\s+\S/.test(lines[0]) && !ITEM.test(lines[0])) more.push(lines.shift().trim());
  while (lines.length > 1 && !lines[0].trim() && ITEM.test(lines[1])) lines.shift(); // items may stand apart
  return more;
}

function paragraph(lines, onTime) {
  const own = [lines.shift()];
  while (lines.length && lines[0].trim() && ![HEADING, ITEM, QUOTE, RULE].some((pattern) => pattern.test(lines[0]))) own.push(lines.shift());
  return el("p", {}, ...spans(own.join(" "), onTime));
}

/** The text of a line with its emphasis and its times. */
function spans(text, onTime) {
  const found = SPANS.exec(text);
  if (!found) return text ? [text] : [];
  const rest = text.slice(found.index + found[0].length);
  return [text.slice(0, found.index), span(found, onTime), ...spans(rest, onTime)].flat();
}

function span([whole, code, bold, bold2, emphasis, emphasis2, label, address, bracketed, bare], onTime) {
  if (code) return el("code", {}, code);
  if (bold ?? bold2) return el("strong", {}, ...spans(bold ?? bold2, onTime));
  if (emphasis ?? emphasis2) return el("em", {}, ...spans(emphasis ?? emphasis2, onTime));
  if (address !== undefined) return link(label, address, onTime);
  const time = bracketed ?? bare;
  return time ? timeButton(secondsOf(time), time, onTime) : whole;
}

/** A link to a second is a button; an address elsewhere is none of the lecture's, and only its text is shown. */
function link(label, address, onTime) {
  const seconds = /^#(?:.*[?&])?t=(\d+(?:\.\d+)?)$/.exec(address);
  return seconds ? timeButton(Number(seconds[1]), label || clock(Number(seconds[1])), onTime) : spans(label, onTime);
}

const timeButton = (seconds, label, onTime) => el("button", { type: "button", class: "at", onclick: () => onTime(seconds) }, label);
