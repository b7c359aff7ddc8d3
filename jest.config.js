/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.[mc]?[jt]sx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  // Packages that ship only ES modules have to be compiled for jest's CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!hyparquet(-writer)?/)'],
  setupFiles: ['<rootDir>/test/support/seeds.ts'],
  setupFilesAfterEnv: ['aws-cdk-lib/testhelpers/jest-autoclean'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.local'],
  maxWorkers: 2,
  // Machines are shared: no test may fail because its neighbours were busy.
  testTimeout: 240_000,
};
