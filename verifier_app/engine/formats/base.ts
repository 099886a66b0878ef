// What a format is: three steps, each a pair of question and answer (vaxcert/formats/base).

import type { Stage } from "../errors";
import type { Certificate } from "../model";
import type { Opened } from "../trust/store";
import type { Algorithm, Sealed } from "../wire/sealed";

export interface Format {
  readonly name: string;
  // The closed set of algorithms that it allows.
  readonly algorithms: ReadonlySet<Algorithm>;
  // The decoding stages that it has, in order.
  readonly stages: readonly Stage[];
  // Whether the text begins like one of its own. Never throws.
  detect(text: string): boolean;
  // The signed message in a text. Throws the `CardError` of the stage that failed.
  unwrap(text: string): Promise<Sealed>;
  // The certificate in a message whose signature was checked. Throws `CardError`.
  read(opened: Opened): Certificate;
}
