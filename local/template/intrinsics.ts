/** Evaluates CloudFormation's intrinsic functions over the stacks of one assembly. */
import type { Resource, Stack } from './assembly';
import { type Identity, identify } from './identities';
import { below, TemplateError, type TemplateLocation } from './templateError';

/** What `Ref: AWS::NoValue` evaluates to: the property is left out. */
const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, at: TemplateLocation, stack: Stack) => unknown;

/** Evaluates values of templates; one resolver serves all stacks, because they refer to each other. */
export class Resolver {
  readonly resources: readonly Resource[];
  private readonly identities = new Map<Resource, Identity>();

  /**
   * @param stacks all stacks of the assembly
   * @param queueUrl makes the URL of a local queue from its name
   */
  constructor(
    private readonly stacks: readonly Stack[],
    private readonly queueUrl: (name: string) => string,
  ) {
    this.resources = stacks.flatMap((stack) =>
      Object.entries(stack.template.Resources)
        .filter(([, { Condition }]) => Condition === undefined || this.condition(Condition, stack))
        .map(([logicalId, { Type, Properties }]) => ({
          stack,
          logicalId,
          type: Type,
          properties: Properties ?? {},
        })),
    );
  }

  /** Name, ARN and attributes of a resource. */
  identity(resource: Resource): Identity {
    const known = this.identities.get(resource);
    if (known !== undefined) return known;
    const identity = identify(
      resource,
      (property) => {
        const value = property
          .split('.')
          .reduce<unknown>((node, key) => Object(node)[key], resource.properties);
        if (value === undefined) return undefined;
        return this.text(value, locate(resource, property), resource.stack);
      },
      this.queueUrl,
    );
    this.identities.set(resource, identity);
    return identity;
  }

  /**
   * Evaluates a value: intrinsic functions are replaced by what they answer, everything else stays.
   * @throws TemplateError for a function, a pseudo parameter or a reference that is not understood
   */
  resolve(value: unknown, at: TemplateLocation, stack: Stack): unknown {
    const resolved = this.evaluate(value, at, stack);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  private evaluate(value: unknown, at: TemplateLocation, stack: Stack): unknown {
    if (Array.isArray(value)) {
      return value
        .map((item, index) => this.evaluate(item, below(at, index), stack))
        .filter((item) => item !== NO_VALUE);
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [first] = entries;
    if (entries.length === 1 && first !== undefined && /^(Ref|Condition|Fn::.+)$/.test(first[0])) {
      const [name, argument] = first;
      // A policy statement may have a key named Condition; only text after it is a reference.
      if (name !== 'Condition' || typeof argument === 'string') {
        const intrinsic = this.intrinsics[name];
        if (intrinsic === undefined) throw new TemplateError(at, `the function ${name} is not understood`);
        return intrinsic(argument, at, stack);
      }
    }
    return Object.fromEntries(
      entries
        .map(([key, item]) => [key, this.evaluate(item, below(at, key), stack)] as const)
        .filter(([, item]) => item !== NO_VALUE),
    );
  }

  private readonly intrinsics: Readonly<Record<string, Intrinsic>> = {
    Ref: (argument, at, stack) => this.reference(String(argument), at, stack),
    Condition: (argument, _at, stack) => this.condition(String(argument), stack),
    'Fn::GetAtt': (argument, at, stack) => {
      const path = typeof argument === 'string' ? argument.split('.') : this.list(argument, at, stack);
      const [logicalId, ...attribute] = path.map(String);
      return this.attribute(logicalId ?? '', attribute.join('.'), at, stack);
    },
    'Fn::Join': (argument, at, stack) => {
      const [separator, parts] = this.list(argument, at, stack);
      return this.list(parts, at, stack).map(String).join(String(separator));
    },
    'Fn::Select': (argument, at, stack) => {
      const [index, items] = this.list(argument, at, stack);
      const item = this.list(items, at, stack)[Number(index)];
      if (item === undefined) throw new TemplateError(at, `Fn::Select finds no item ${index}`);
      return item;
    },
    'Fn::Split': (argument, at, stack) => {
      const [separator, text] = this.list(argument, at, stack);
      return this.text(text, at, stack).split(String(separator));
    },
    'Fn::Sub': (argument, at, stack) => this.substitute(argument, at, stack),
    'Fn::If': (argument, at, stack) => {
      const [name, whenTrue, whenFalse] = Array.isArray(argument) ? argument : [];
      return this.evaluate(this.condition(String(name), stack) ? whenTrue : whenFalse, at, stack);
    },
    'Fn::Equals': (argument, at, stack) => {
      const [left, right] = this.list(argument, at, stack);
      return String(left) === String(right);
    },
    'Fn::Not': (argument, at, stack) => this.list(argument, at, stack)[0] !== true,
    'Fn::And': (argument, at, stack) => this.list(argument, at, stack).every((item) => item === true),
    'Fn::Or': (argument, at, stack) => this.list(argument, at, stack).some((item) => item === true),
    'Fn::FindInMap': (argument, at, stack) => {
      const [map, key, name] = this.list(argument, at, stack).map(String);
      const value = stack.template.Mappings[map ?? '']?.[key ?? '']?.[name ?? ''];
      if (value === undefined) throw new TemplateError(at, `Mappings have no ${map}.${key}.${name}`);
      return value;
    },
    'Fn::ImportValue': (argument, at, stack) => this.imported(this.text(argument, at, stack), at),
    // How the CDK renders a weak reference to another stack.
    'Fn::GetStackOutput': (argument, at, stack) => {
      const { StackName, OutputName } = Object(this.evaluate(argument, at, stack));
      return this.output(String(StackName), String(OutputName), at);
    },
  };

  private reference(name: string, at: TemplateLocation, stack: Stack): unknown {
    if (name.startsWith('AWS::')) return pseudoParameter(name, at, stack);
    const parameter = stack.template.Parameters[name];
    if (parameter !== undefined) {
      if (parameter.Default === undefined || parameter.Type.startsWith('AWS::SSM')) {
        throw new TemplateError(at, `parameter ${name} has no value on this machine`);
      }
      return parameter.Default;
    }
    return this.identity(this.resource(name, at, stack)).ref;
  }

  private attribute(logicalId: string, attribute: string, at: TemplateLocation, stack: Stack): string {
    const resource = this.resource(logicalId, at, stack);
    const value = this.identity(resource).attributes[attribute];
    if (value === undefined) {
      throw new TemplateError(at, `attribute ${attribute} of ${logicalId} (${resource.type}) is not known`);
    }
    return value;
  }

  private resource(logicalId: string, at: TemplateLocation, stack: Stack): Resource {
    const found = this.resources.find((one) => one.stack === stack && one.logicalId === logicalId);
    if (found === undefined) throw new TemplateError(at, `there is no resource ${logicalId} in the stack`);
    return found;
  }

  private substitute(argument: unknown, at: TemplateLocation, stack: Stack): string {
    const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
    const variables: Record<string, unknown> = Object(given);
    return String(template).replace(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
      if (literal !== '') return `\${${name}}`;
      if (name in variables) return this.text(variables[name], at, stack);
      const [logicalId = '', ...attribute] = name.split('.');
      if (attribute.length > 0) return this.attribute(logicalId, attribute.join('.'), at, stack);
      return String(this.reference(name, at, stack));
    });
  }

  private imported(name: string, at: TemplateLocation): unknown {
    for (const stack of this.stacks) {
      for (const [id, output] of Object.entries(stack.template.Outputs)) {
        if (output.Export === undefined) continue;
        const here = { stack: stack.name, logicalId: `Outputs.${id}` };
        if (this.evaluate(output.Export.Name, here, stack) === name) return this.output(stack.name, id, at);
      }
    }
    throw new TemplateError(at, `no stack exports "${name}"`);
  }

  private output(stackName: string, outputName: string, at: TemplateLocation): unknown {
    const stack = this.stacks.find(({ name }) => name === stackName);
    const output = stack?.template.Outputs[outputName];
    if (stack === undefined || output === undefined) {
      throw new TemplateError(at, `there is no output ${outputName} of a stack ${stackName}`);
    }
    return this.evaluate(output.Value, { stack: stackName, logicalId: `Outputs.${outputName}` }, stack);
  }

  private condition(name: string, stack: Stack): boolean {
    const at = { stack: stack.name, logicalId: `Conditions.${name}` };
    const condition = stack.template.Conditions[name];
    if (condition === undefined) throw new TemplateError(at, 'there is no such condition');
    return this.evaluate(condition, at, stack) === true;
  }

  private list(value: unknown, at: TemplateLocation, stack: Stack): unknown[] {
    const resolved = this.evaluate(value, at, stack);
    if (!Array.isArray(resolved)) throw new TemplateError(at, `${JSON.stringify(value)} must be a list`);
    return resolved;
  }

  private text(value: unknown, at: TemplateLocation, stack: Stack): string {
    const resolved = this.evaluate(value, at, stack);
    if (typeof resolved !== 'string') throw new TemplateError(at, `${JSON.stringify(value)} must be text`);
    return resolved;
  }
}

/** Where a property of a resource stands. */
export function locate(resource: Resource, property?: string): TemplateLocation {
  const at = { stack: resource.stack.name, logicalId: `${resource.logicalId} (${resource.type})` };
  return property === undefined ? at : { ...at, property };
}

function pseudoParameter(name: string, at: TemplateLocation, stack: Stack): unknown {
  switch (name) {
    case 'AWS::Region':
      return stack.region;
    case 'AWS::AccountId':
      return stack.account;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return stack.name;
    case 'AWS::StackId':
      return `arn:aws:cloudformation:${stack.region}:${stack.account}:stack/${stack.name}/local`;
    case 'AWS::NoValue':
      return NO_VALUE;
    default:
      throw new TemplateError(at, `the pseudo parameter ${name} is not understood`);
  }
}
