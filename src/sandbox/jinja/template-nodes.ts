/** An expression of a template. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null; readonly isFloat: boolean }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list' | 'tuple'; readonly items: readonly Expression[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'item'; readonly of: Expression; readonly key: Expression }
  | {
      readonly kind: 'slice';
      readonly from: Expression | null;
      readonly to: Expression | null;
      readonly step: Expression | null;
    }
  | {
      readonly kind: 'call';
      readonly callee: Expression;
      readonly given: CallArguments;
      readonly line: number;
    }
  | {
      readonly kind: 'filter';
      /** Null: the content of a block. */
      readonly of: Expression | null;
      readonly name: string;
      readonly given: CallArguments;
      readonly line: number;
    }
  | {
      readonly kind: 'test';
      readonly of: Expression;
      readonly name: string;
      readonly given: CallArguments;
      readonly isDenied: boolean;
      readonly line: number;
    }
  | { readonly kind: 'not' | 'negative' | 'positive'; readonly of: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'math';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly line: number;
    }
  | { readonly kind: 'concat'; readonly parts: readonly Expression[] }
  | {
      readonly kind: 'compare';
      readonly first: Expression;
      readonly rest: readonly { readonly operator: string; readonly value: Expression }[];
      readonly line: number;
    }
  | {
      readonly kind: 'choice';
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression | null;
    };

/** Arguments of a call as they are written. */
export interface CallArguments {
  readonly values: readonly { readonly value: Expression; readonly isSpread: boolean }[];
  /** Name '' spreads a dict. */
  readonly named: readonly { readonly name: string; readonly value: Expression }[];
}

/** Where a value goes: a name, an attribute of a namespace, or several of them. */
export type Target =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: string; readonly name: string }
  | { readonly kind: 'targets'; readonly items: readonly Target[] };

/** A parameter of a macro. */
export interface Parameter {
  readonly name: string;
  readonly otherwise: Expression | null;
}

/** A statement of a template. */
export type Statement =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly value: Expression; readonly line: number }
  | {
      readonly kind: 'if';
      readonly cases: readonly { readonly test: Expression; readonly body: readonly Statement[] }[];
      readonly otherwise: readonly Statement[];
    }
  | {
      readonly kind: 'for';
      readonly target: Target;
      readonly items: Expression;
      readonly test: Expression | null;
      readonly isRecursive: boolean;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
      readonly line: number;
    }
  | { readonly kind: 'set'; readonly target: Target; readonly value: Expression; readonly line: number }
  | {
      readonly kind: 'set-block';
      readonly target: Target;
      readonly filter: Expression | null;
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'macro';
      readonly name: string;
      readonly parameters: readonly Parameter[];
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'call-block';
      readonly call: Expression;
      readonly parameters: readonly Parameter[];
      readonly body: readonly Statement[];
      readonly line: number;
    }
  | { readonly kind: 'filter-block'; readonly filter: Expression; readonly body: readonly Statement[] }
  | {
      readonly kind: 'with';
      readonly values: readonly { readonly target: Target; readonly value: Expression }[];
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'group'; readonly body: readonly Statement[] };
