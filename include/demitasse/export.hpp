// DEMITASSE_API marks what programs, plugins and layers from outside may use: it can be seen from
// outside the shared library, and all else cannot.
#ifndef DEMITASSE_EXPORT_HPP_
#define DEMITASSE_EXPORT_HPP_

// In front of a function, or between `class` and its name.
#define DEMITASSE_API __attribute__((visibility("default")))

#endif  // DEMITASSE_EXPORT_HPP_
