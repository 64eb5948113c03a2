// What `check` warns of: nets that can be built, and are not what anybody means. What keeps a net
// from being built is found by the library itself.
#ifndef DEMITASSE_TOOLS_NET_RULES_HPP_
#define DEMITASSE_TOOLS_NET_RULES_HPP_

#include "demitasse/error.hpp"
#include "tools/checked_net.hpp"

namespace demitasse {

// Of the layers as they are written, whatever the phase, without those at the paths `doubtful`
// (field_rules.cpp).
void FindOddFields(const NetSource& net, const std::set<std::string>& doubtful,
                   Diagnostics* warnings);

// Of what is read, and by whom (wiring_rules.cpp).
void FindOddWiring(const CheckedNet& net, Diagnostics* warnings);

// Of what learns (learning_rules.cpp).
void FindOddLearning(const CheckedNet& net, Diagnostics* warnings);

// Of the same net for training and for testing (field_rules.cpp).
void FindOddPhases(const CheckedNet& train, const CheckedNet& test, Diagnostics* warnings);
// Weights of other shapes in the two are an error as soon as a solver tests.
void FindUnsharable(const CheckedNet& train, const CheckedNet& test, Diagnostics* errors);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_NET_RULES_HPP_
