/** Synthesizes environments in memory, without bundling, for tests of the stacks. */
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../../cdk.json';
import { planCapacity } from '../../lib/capacity';
import type { CapacityPlan } from '../../lib/capacity/types';
import { type EnvironmentConfig, loadEnvironment } from '../../lib/config';
import { PolicyChecks } from '../../lib/foundation/policyChecks';
import { addClickstream, type ClickstreamStacks } from '../../lib/stacks/clickstream';

/** A resource as a template holds it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** An app with the feature flags of cdk.json, which `new App()` alone does not read, and with bundling off. */
export function testApp(): App {
  return new App({ context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] } });
}

/** An environment's stacks as templates. */
export interface SynthesizedEnvironment {
  readonly config: EnvironmentConfig;
  readonly plan: CapacityPlan;
  readonly stacks: ClickstreamStacks;
  readonly templates: Readonly<Record<keyof ClickstreamStacks, Template>>;
  /** What the policy checks found: rule and construct, one line each. */
  readonly findings: readonly string[];
}

/** Synthesizes an environment of lib/config/environments, or one of your own. */
export function synthesize(environment: string | EnvironmentConfig): SynthesizedEnvironment {
  const config = typeof environment === 'string' ? loadEnvironment(environment) : environment;
  const plan = planCapacity(config);
  const app = testApp();
  const stacks = addClickstream(app, config, plan);
  const { stream, lake, delivery, warehouse, loading, monitoring } = stacks;
  const templates = {
    stream: Template.fromStack(stream),
    lake: Template.fromStack(lake),
    delivery: Template.fromStack(delivery),
    warehouse: Template.fromStack(warehouse),
    loading: Template.fromStack(loading),
    monitoring: Template.fromStack(monitoring),
  };
  return { config, plan, stacks, templates, findings: findingsOf(app) };
}

function findingsOf(scope: App): string[] {
  return new PolicyChecks(scope)
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
}

/** Resources of a type, by logical id. */
export function resourcesOf(template: Template, type: string): Record<string, TemplateResource> {
  return template.findResources(type) as Record<string, TemplateResource>;
}

/** The one resource of a type. @throws Error when there is none, or more than one */
export function onlyResource(template: Template, type: string): TemplateResource {
  const [resource, ...others] = Object.values(resourcesOf(template, type));
  if (resource === undefined || others.length > 0) {
    throw new Error(`The template has ${resource === undefined ? 0 : others.length + 1} ${type}, not one`);
  }
  return resource;
}

/**
 * A template for a snapshot: without the parts the CDK adds to every template, and with hashes of assets masked, so
 * that a snapshot changes only when the infrastructure does.
 */
export function snapshotOf(template: Template): unknown {
  const { Parameters, Rules, ...rest } = template.toJSON();
  const { BootstrapVersion, ...parameters } = Parameters ?? {};
  const { CheckBootstrapVersion, ...rules } = Rules ?? {};
  const text = JSON.stringify({ ...rest, Parameters: parameters, Rules: rules });
  return JSON.parse(text.replaceAll(/[a-f0-9]{64}/g, '<hash>'));
}
