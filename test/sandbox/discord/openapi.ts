// Checks request bodies against Discord's own OpenAPI description.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import { tolerated } from "./openapi-tolerances.ts";

const DOCUMENT = new URL("../data/discord-openapi.json", import.meta.url);
const DOCUMENT_ID = "discord";
const MAX_PROBLEMS = 3;

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: unknown } | undefined>>;
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, unknown>> };
}

interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let shared: OpenApiCheck | undefined;

/** Discord's description; validators are compiled when an operation is first used. */
export class OpenApiCheck {
  readonly #document: OpenApiDocument;
  readonly #ajv: Ajv2020;
  readonly #validators = new Map<string, ValidateFunction>();

  private constructor() {
    this.#document = JSON.parse(readFileSync(DOCUMENT, "utf8")) as OpenApiDocument;
    this.#ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false, formats: FORMATS });
    this.#ajv.addSchema(this.#document, DOCUMENT_ID);
  }

  /** One per process: reading and compiling takes a while and changes nothing. */
  static shared(): OpenApiCheck {
    shared ??= new OpenApiCheck();
    return shared;
  }

  /** Is `POST /channels/{channel_id}/messages` an operation of Discord's? */
  describes(operation: string): boolean {
    return this.#operation(operation) !== undefined;
  }

  /** Compiles ahead of time what is going to be checked: the first message would wait half a second for it. */
  prepare(operations: readonly string[]): void {
    for (const operation of operations)
      if (this.#operation(operation)?.requestBody) this.#validator(operation);
  }

  /** What is wrong with a body, in words; empty = nothing. `body` undefined = none was sent. */
  problems(operation: string, body: unknown): readonly string[] {
    const described = this.#operation(operation);
    if (!described?.requestBody) return body === undefined ? [] : [`${operation} takes no body`];
    if (body === undefined) return described.requestBody.required ? [`${operation} needs a body`] : [];
    const validate = this.#validator(operation);
    if (validate(tolerated(operation, body))) return [];
    return explain(validate.errors ?? []);
  }

  /** What is wrong with an answer of ours. Statuses the description does not know are not checked. */
  answerProblems(operation: string, status: number, body: unknown): readonly string[] {
    const content = this.#operation(operation)?.responses[String(status)]?.content;
    if (!content) return [];
    const validate = this.#compiled(`${status} ${operation}`, [
      ...pathOf(operation),
      "responses",
      String(status),
    ]);
    return validate(body) ? [] : explain(validate.errors ?? []);
  }

  #operation(operation: string): Operation | undefined {
    const [method = "", path = ""] = operation.split(" ");
    return this.#document.paths[path]?.[method.toLowerCase()];
  }

  #validator(operation: string): ValidateFunction {
    return this.#compiled(operation, [...pathOf(operation), "requestBody"]);
  }

  #compiled(name: string, path: readonly string[]): ValidateFunction {
    const known = this.#validators.get(name);
    if (known) return known;
    const pointer = [...path, "content", "application/json", "schema"].map((part) =>
      encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")),
    );
    const validate = this.#ajv.compile({ $ref: `${DOCUMENT_ID}#/${pointer.join("/")}` });
    this.#validators.set(name, validate);
    return validate;
  }
}

/** Where an operation stands in the document. */
function pathOf(operation: string): readonly string[] {
  const [method = "", path = ""] = operation.split(" ");
  return ["paths", path, method.toLowerCase()];
}

const isInteger = (low: number, high: number) => ({
  type: "number" as const,
  validate: (value: number) => Number.isInteger(value) && value >= low && value <= high,
});

const FORMATS = {
  int32: isInteger(-(2 ** 31), 2 ** 31 - 1),
  int64: isInteger(-(2 ** 63), 2 ** 63 - 1),
  double: { type: "number" as const, validate: (value: number) => Number.isFinite(value) },
  snowflake: (text: string) => /^\d{1,20}$/u.test(text),
  nonce: true as const,
  uri: (text: string) => URL.canParse(text),
  "date-time": (text: string) => !Number.isNaN(Date.parse(text)),
};

/** A union fails with the errors of every alternative: the deepest ones come from the alternative that was meant. */
function explain(errors: readonly ErrorObject[]): readonly string[] {
  const said = errors
    .filter(({ keyword }) => keyword !== "oneOf" && keyword !== "anyOf")
    .filter(
      ({ instancePath, keyword }) =>
        !(instancePath.endsWith("/type") && (keyword === "enum" || keyword === "const")),
    )
    .toSorted((a, b) => depth(b) - depth(a))
    .map(
      ({ instancePath, message, params }) =>
        `${instancePath || "body"}: ${message} ${JSON.stringify(params)}`,
    );
  const all =
    said.length > 0
      ? said
      : errors.map(({ instancePath, message }) => `${instancePath || "body"}: ${message}`);
  return [...new Set(all)].slice(0, MAX_PROBLEMS);
}

function depth({ instancePath }: ErrorObject): number {
  return instancePath.split("/").length;
}
