// The types of loader.mjs, and of what `nirc compile --emit=wasm` makes of it.
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/** The nodes and states of the network. */
export type InputNode = string;
export type OutputNode = string;
export type StateName = string; // 'lif1:v'
export type ParameterNode = string;

export type Values = ArrayLike<number>;
export type TypedArray = Uint8Array | Int32Array | Float32Array | Float64Array;

/** What is not 0: steps and elements, of the same length. `values`: else 1 each. */
export interface Events {
  times: ArrayLike<number>;
  neurons: ArrayLike<number>;
  values?: Values;
  /** As long as the last time otherwise. */
  steps?: number;
}

export interface PortInfo {
  node: string;
  /** 'value', 'spikes', 'v', ... */
  observable: string;
  shape: number[];
  /** The product of the shape. */
  size: number;
  dtype: 'uint8' | 'int32' | 'float32' | 'float64';
  /** Steps behind the sequential network. */
  latency: number;
}

export interface Info {
  nirc: string;
  model: string;
  semantics: string;
  /** Of integers, as `nirc run --format` takes it; else empty. */
  format: string;
  dtype: 'float32' | 'float64';
  /** Seconds that a step lasts. */
  dt: number;
  inputs: PortInfo[];
  outputs: PortInfo[];
  states: PortInfo[];
  /** What can be recorded. */
  records: PortInfo[];
}

export interface Trace extends PortInfo {
  /** [batch, steps, ...]. */
  shape: number[];
  data: TypedArray;
  /** What is not 0 of a sample. */
  events(sample?: number): { times: Uint32Array; neurons: Uint32Array };
}

export interface Recording {
  dt: number;
  steps: number;
  batch: number;
  traces: Trace[];
  trace(node: string, observable?: string): Trace;
}

export interface RunOptions {
  /** Past its end an input is 0. As many as the longest input has otherwise. */
  steps?: number;
  batch?: number;
  /** 'lif1:v', or several of a node: 'lif1:v,spikes'. */
  records?: (StateName | (string & {}))[];
  /** An earlier recording of the same shape, whose arrays are written again. */
  into?: Recording;
}

export interface Parameter {
  readonly node: string;
  readonly name: string;
  /** Neurons of the node. */
  readonly size: number;
  /** One number for all of them. */
  readonly isUniform: boolean;
  /** One number is for all; read, it is one where all are the same. */
  get value(): number | Float64Array;
  set value(value: number | Values);
}

export interface Session {
  /** Of the last step, by node; the next one overwrites the arrays. */
  readonly outputs: Record<OutputNode, TypedArray>;
  step(
    inputs?: Values | { events: Iterable<number> } | Partial<Record<InputNode, Values | { events: Iterable<number> }>>,
  ): Record<OutputNode, TypedArray>;
  read(node: string, observable: string): TypedArray;
  write(node: string, state: string, values: Values): void;
  reset(): this;
  close(): void;
}

export declare class Network {
  constructor(module: WebAssembly.Module);
  readonly info: Info;
  readonly parameters: Parameter[];
  parameter(node: ParameterNode, name?: string): Parameter;
  session(): Session;
  run(inputs?: Values | Events | Partial<Record<InputNode, Values | Events>>, options?: RunOptions): Recording;
}

export type ModuleSource = BufferSource | WebAssembly.Module | Response | URL | string;

/** The network; without a source, of the .wasm beside this file. */
export declare function load(source?: ModuleSource | Promise<ModuleSource>): Promise<Network>;
