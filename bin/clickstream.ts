/** The CDK app: `npx cdk synth|deploy -c env=dev|prod|reference`; dev when no environment is named. */
import { Annotations, App, Validations } from 'aws-cdk-lib';
import { CapacityError, planCapacity } from '../lib/capacity';
import { ConfigError, loadEnvironment } from '../lib/config';
import { PolicyChecks } from '../lib/foundation/policyChecks';
import { addClickstream } from '../lib/stacks/clickstream';

function main(): void {
  const app = new App();
  const config = loadEnvironment(app.node.tryGetContext('env') ?? 'dev');
  const plan = planCapacity(config);
  addClickstream(app, config, plan);
  plan.warnings.forEach((warning, index) => {
    Annotations.of(app).addWarningV2(`clickstream:plan-${index + 1}`, warning);
  });
  Validations.of(app).addPlugins(new PolicyChecks(app));
  app.synth();
}

try {
  main();
} catch (error) {
  // Errors of the user's own making say all there is to say; a stack trace would only hide it.
  if (!(error instanceof ConfigError || error instanceof CapacityError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
