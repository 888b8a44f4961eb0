/*===- unsupported.c - the functions for what a unit has not --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===*/

/* The standard wants all functions in each unit. Those that a capability of modelDescription.xml
   would have to allow say why they fail. */

#include "backends/cpu/fmi/instance.h"

static fmi3Status unsupported(fmi3Instance instance, const char *function, const char *why) {
  struct instance *self = instance;
  return self ? fail(self, "%s: %s", function, why) : fmi3Error;
}

/*===----------------------------------------------------------------------===//
// Other interface types
//===----------------------------------------------------------------------===*/

fmi3Instance fmi3InstantiateModelExchange(fmi3String instanceName, fmi3String instantiationToken,
                                          fmi3String resourcePath, fmi3Boolean visible,
                                          fmi3Boolean loggingOn,
                                          fmi3InstanceEnvironment instanceEnvironment,
                                          fmi3LogMessageCallback logMessage) {
  if (logMessage && loggingOn) {
    logMessage(instanceEnvironment, fmi3Error, "logStatusError",
               "fmi3InstantiateModelExchange: the unit is for co-simulation only");
  }
  return NULL;
}

fmi3Instance fmi3InstantiateScheduledExecution(
    fmi3String instanceName, fmi3String instantiationToken, fmi3String resourcePath,
    fmi3Boolean visible, fmi3Boolean loggingOn, fmi3InstanceEnvironment instanceEnvironment,
    fmi3LogMessageCallback logMessage, fmi3ClockUpdateCallback clockUpdate,
    fmi3LockPreemptionCallback lockPreemption, fmi3UnlockPreemptionCallback unlockPreemption) {
  if (logMessage && loggingOn) {
    logMessage(instanceEnvironment, fmi3Error, "logStatusError",
               "fmi3InstantiateScheduledExecution: the unit is for co-simulation only");
  }
  return NULL;
}

fmi3Status fmi3EnterContinuousTimeMode(fmi3Instance instance) {
  return unsupported(instance, __func__, "the unit is for co-simulation only");
}

fmi3Status fmi3CompletedIntegratorStep(fmi3Instance instance,
                                       fmi3Boolean noSetFMUStatePriorToCurrentPoint,
                                       fmi3Boolean *enterEventMode,
                                       fmi3Boolean *terminateSimulation) {
  return unsupported(instance, __func__, "the unit is for co-simulation only");
}

fmi3Status fmi3SetTime(fmi3Instance instance, fmi3Float64 time) {
  return unsupported(instance, __func__, "the unit is for co-simulation only");
}

fmi3Status fmi3SetContinuousStates(fmi3Instance instance, const fmi3Float64 continuousStates[],
                                   size_t nContinuousStates) {
  return unsupported(instance, __func__, "the unit is for co-simulation only");
}

fmi3Status fmi3GetContinuousStateDerivatives(fmi3Instance instance, fmi3Float64 derivatives[],
                                             size_t nContinuousStates) {
  return unsupported(instance, __func__, "the unit is for co-simulation only");
}

fmi3Status fmi3GetEventIndicators(fmi3Instance instance, fmi3Float64 eventIndicators[],
                                  size_t nEventIndicators) {
  return unsupported(instance, __func__, "the unit is for co-simulation only");
}

fmi3Status fmi3GetContinuousStates(fmi3Instance instance, fmi3Float64 continuousStates[],
                                   size_t nContinuousStates) {
  return unsupported(instance, __func__, "the unit is for co-simulation only");
}

fmi3Status fmi3GetNominalsOfContinuousStates(fmi3Instance instance, fmi3Float64 nominals[],
                                             size_t nContinuousStates) {
  return unsupported(instance, __func__, "the unit is for co-simulation only");
}

fmi3Status fmi3GetNumberOfEventIndicators(fmi3Instance instance, size_t *nEventIndicators) {
  return unsupported(instance, __func__, "the unit is for co-simulation only");
}

fmi3Status fmi3GetNumberOfContinuousStates(fmi3Instance instance, size_t *nContinuousStates) {
  return unsupported(instance, __func__, "the unit is for co-simulation only");
}

fmi3Status fmi3ActivateModelPartition(fmi3Instance instance, fmi3ValueReference clockReference,
                                      fmi3Float64 activationTime) {
  return unsupported(instance, __func__, "the unit is for co-simulation only");
}

/*===----------------------------------------------------------------------===//
// Events and clocks
//===----------------------------------------------------------------------===*/

fmi3Status fmi3EnterEventMode(fmi3Instance instance) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

fmi3Status fmi3EnterStepMode(fmi3Instance instance) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

fmi3Status fmi3EvaluateDiscreteStates(fmi3Instance instance) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

fmi3Status fmi3UpdateDiscreteStates(fmi3Instance instance, fmi3Boolean *discreteStatesNeedUpdate,
                                    fmi3Boolean *terminateSimulation,
                                    fmi3Boolean *nominalsOfContinuousStatesChanged,
                                    fmi3Boolean *valuesOfContinuousStatesChanged,
                                    fmi3Boolean *nextEventTimeDefined, fmi3Float64 *nextEventTime) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

fmi3Status fmi3GetClock(fmi3Instance instance, const fmi3ValueReference valueReferences[],
                        size_t nValueReferences, fmi3Clock values[]) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

fmi3Status fmi3SetClock(fmi3Instance instance, const fmi3ValueReference valueReferences[],
                        size_t nValueReferences, const fmi3Clock values[]) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

fmi3Status fmi3GetIntervalDecimal(fmi3Instance instance, const fmi3ValueReference valueReferences[],
                                  size_t nValueReferences, fmi3Float64 intervals[],
                                  fmi3IntervalQualifier qualifiers[]) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

fmi3Status fmi3GetIntervalFraction(fmi3Instance instance,
                                   const fmi3ValueReference valueReferences[],
                                   size_t nValueReferences, fmi3UInt64 counters[],
                                   fmi3UInt64 resolutions[], fmi3IntervalQualifier qualifiers[]) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

fmi3Status fmi3GetShiftDecimal(fmi3Instance instance, const fmi3ValueReference valueReferences[],
                               size_t nValueReferences, fmi3Float64 shifts[]) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

fmi3Status fmi3GetShiftFraction(fmi3Instance instance, const fmi3ValueReference valueReferences[],
                                size_t nValueReferences, fmi3UInt64 counters[],
                                fmi3UInt64 resolutions[]) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

fmi3Status fmi3SetIntervalDecimal(fmi3Instance instance, const fmi3ValueReference valueReferences[],
                                  size_t nValueReferences, const fmi3Float64 intervals[]) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

fmi3Status fmi3SetIntervalFraction(fmi3Instance instance,
                                   const fmi3ValueReference valueReferences[],
                                   size_t nValueReferences, const fmi3UInt64 counters[],
                                   const fmi3UInt64 resolutions[]) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

fmi3Status fmi3SetShiftDecimal(fmi3Instance instance, const fmi3ValueReference valueReferences[],
                               size_t nValueReferences, const fmi3Float64 shifts[]) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

fmi3Status fmi3SetShiftFraction(fmi3Instance instance, const fmi3ValueReference valueReferences[],
                                size_t nValueReferences, const fmi3UInt64 counters[],
                                const fmi3UInt64 resolutions[]) {
  return unsupported(instance, __func__, "the unit has neither events nor clocks");
}

/*===----------------------------------------------------------------------===//
// Structural parameters
//===----------------------------------------------------------------------===*/

fmi3Status fmi3EnterConfigurationMode(fmi3Instance instance) {
  return unsupported(instance, __func__, "the unit has no structural parameters");
}

fmi3Status fmi3ExitConfigurationMode(fmi3Instance instance) {
  return unsupported(instance, __func__, "the unit has no structural parameters");
}

/*===----------------------------------------------------------------------===//
// Derivatives and dependencies
//===----------------------------------------------------------------------===*/

fmi3Status fmi3GetNumberOfVariableDependencies(fmi3Instance instance,
                                               fmi3ValueReference valueReference,
                                               size_t *nDependencies) {
  return unsupported(instance, __func__,
                     "the unit knows no derivatives and no dependencies of elements");
}

fmi3Status fmi3GetVariableDependencies(fmi3Instance instance, fmi3ValueReference dependent,
                                       size_t elementIndicesOfDependent[],
                                       fmi3ValueReference independents[],
                                       size_t elementIndicesOfIndependents[],
                                       fmi3DependencyKind dependencyKinds[], size_t nDependencies) {
  return unsupported(instance, __func__,
                     "the unit knows no derivatives and no dependencies of elements");
}

fmi3Status fmi3GetDirectionalDerivative(fmi3Instance instance, const fmi3ValueReference unknowns[],
                                        size_t nUnknowns, const fmi3ValueReference knowns[],
                                        size_t nKnowns, const fmi3Float64 seed[], size_t nSeed,
                                        fmi3Float64 sensitivity[], size_t nSensitivity) {
  return unsupported(instance, __func__,
                     "the unit knows no derivatives and no dependencies of elements");
}

fmi3Status fmi3GetAdjointDerivative(fmi3Instance instance, const fmi3ValueReference unknowns[],
                                    size_t nUnknowns, const fmi3ValueReference knowns[],
                                    size_t nKnowns, const fmi3Float64 seed[], size_t nSeed,
                                    fmi3Float64 sensitivity[], size_t nSensitivity) {
  return unsupported(instance, __func__,
                     "the unit knows no derivatives and no dependencies of elements");
}

fmi3Status fmi3GetOutputDerivatives(fmi3Instance instance,
                                    const fmi3ValueReference valueReferences[],
                                    size_t nValueReferences, const fmi3Int32 orders[],
                                    fmi3Float64 values[], size_t nValues) {
  return unsupported(instance, __func__,
                     "the unit knows no derivatives and no dependencies of elements");
}
