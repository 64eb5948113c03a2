// How the functions of demitasse.h report what is thrown inside them.
#ifndef DEMITASSE_SRC_C_API_STATUS_HPP_
#define DEMITASSE_SRC_C_API_STATUS_HPP_

#include <cstddef>
#include <stdexcept>
#include <string>

#include "demitasse.h"

namespace demitasse::c_api {

// The calling program is wrong.
class ArgumentError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Makes the exception that is being handled this thread's last error; returns its status.
int NoteException(const char* function) noexcept;

// Runs `body` for the function of that name; returns the status.
template <typename Body>
int Try(const char* function, const Body& body) noexcept {
  try {
    body();
    return DEMITASSE_OK;
  } catch (...) {
    return NoteException(function);
  }
}

// The same for a function that returns the body's result, and `failure` if it throws.
template <typename Result, typename Body>
Result TryGet(const char* function, Result failure, const Body& body) noexcept {
  try {
    return body();
  } catch (...) {
    NoteException(function);
    return failure;
  }
}

// What the argument of that name points to. Throws ArgumentError if it is null.
template <typename Pointee>
Pointee& Given(Pointee* argument, const char* name) {
  if (argument == nullptr) throw ArgumentError(std::string(name) + " is NULL");
  return *argument;
}

// `index` into so many ("layer") as C++ counts. Throws ArgumentError if it is outside.
size_t Index(int index, size_t count, const char* what);

}  // namespace demitasse::c_api

#endif  // DEMITASSE_SRC_C_API_STATUS_HPP_
