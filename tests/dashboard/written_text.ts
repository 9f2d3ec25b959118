// SPDX-License-Identifier: Apache-2.0
// Finds text for people that stands in a source instead of the catalogue.
import { parse } from "svelte/compiler";
import ts from "typescript";

// What is read aloud or shown of an element besides its content.
const spoken =
  /^(aria-(label|description|placeholder|roledescription|valuetext)|data-label)$|^(title|placeholder|alt|label)$/;
const letter = /\p{L}/u;
// Two words, or one that begins as a sentence does: codes and names of things are neither.
const phrase = /\p{L}[\p{L}\d’',.;:!?–-]* +[^ ]*\p{L}|^\p{Lu}\p{Ll}+\W*$/u;

interface Node {
  type: string;
  [field: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

// Literals of an expression that become text: not the key that say() is asked for, not what is
// compared.
function* literals(node: unknown): Generator<string> {
  if (Array.isArray(node)) for (const each of node) yield* literals(each);
  if (!isNode(node)) return;
  if (node.type === "Literal" && typeof node["value"] === "string") yield node["value"];
  if (node.type === "TemplateElement") yield (node["value"] as { cooked: string }).cooked;
  if (node.type === "BinaryExpression" && node["operator"] !== "+") return;
  const called = node.type === "CallExpression" && (node["callee"] as Node)["name"] === "say";
  for (const [field, value] of Object.entries(node))
    yield* literals(called && field === "arguments" ? (value as Node[]).slice(1) : value);
}

function* inMarkup(node: unknown): Generator<string> {
  if (Array.isArray(node)) for (const each of node) yield* inMarkup(each);
  if (!isNode(node)) return;
  if (node.type === "Text") yield node["data"] as string;
  else if (node.type === "ExpressionTag") yield* literals(node["expression"]);
  else if (node.type === "Attribute") {
    if (spoken.test(node["name"] as string)) yield* inMarkup(node["value"]);
  } else for (const value of Object.values(node)) yield* inMarkup(value);
}

const isNoText = (node: ts.Node): boolean =>
  ts.isImportDeclaration(node) ||
  ts.isLiteralTypeNode(node) ||
  ts.isCaseClause(node.parent) ||
  (ts.isBinaryExpression(node) && node.operatorToken.kind !== ts.SyntaxKind.PlusToken
    ? ts.isStringLiteral(node.right) && node.operatorToken.kind !== ts.SyntaxKind.EqualsToken
    : false) ||
  // For developers: nobody else reads it.
  (ts.isNewExpression(node) && /Error$/.test(node.expression.getText()));

export function textOfScript(source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (node.parent && isNoText(node)) return;
    const isText =
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node);
    if (isText && phrase.test(node.text)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("x.ts", source, ts.ScriptTarget.ES2022, true));
  return found;
}

export function textOfComponent(source: string): string[] {
  const root = parse(source, { modern: true });
  const script = root.instance?.content as unknown as { start: number; end: number } | undefined;
  return [
    ...[...inMarkup(root.fragment)].filter((text) => letter.test(text)),
    ...(script ? textOfScript(source.slice(script.start, script.end)) : []),
  ];
}
