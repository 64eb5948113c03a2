#include "src/c_api/status.hpp"

#include <new>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"

namespace demitasse::c_api {
namespace {

struct LastError {
  int status = DEMITASSE_OK;
  const char* shown = "";
  std::string text;  // what `shown` points to, but where there was no memory for it
};

thread_local LastError last;

int Note(int status, const std::string& text) noexcept {
  last.status = status;
  try {
    last.text = text;
    last.shown = last.text.c_str();
  } catch (const std::bad_alloc&) {
    last.shown = "error: something failed, and there is no memory to say what";
  }
  return status;
}

int NoteOutOfMemory() noexcept {
  last.status = DEMITASSE_ERROR_RUN;
  last.shown = "error: out of memory";
  return last.status;
}

int StatusOf(const Error& error) {
  return error.kind() == ErrorKind::kInput ? DEMITASSE_ERROR_INPUT : DEMITASSE_ERROR_RUN;
}

}  // namespace

int NoteException(const char* function) noexcept {
  try {
    try {
      throw;
    } catch (const Error& error) {
      return Note(StatusOf(error), error.what());
    } catch (const ArgumentError& error) {
      return Note(DEMITASSE_ERROR_ARGUMENT, Cat("error: ", function, ": ", error.what()));
    } catch (const std::bad_alloc&) {
      return NoteOutOfMemory();
    } catch (const std::exception& error) {
      return Note(DEMITASSE_ERROR_RUN, Cat("error: ", error.what()));
    }
  } catch (const std::bad_alloc&) {  // while the text was made
    return NoteOutOfMemory();
  } catch (...) {
    return Note(DEMITASSE_ERROR_RUN, "error: something was thrown that is no exception");
  }
}

size_t Index(int index, size_t count, const char* what) {
  if (index >= 0 && static_cast<size_t>(index) < count) return static_cast<size_t>(index);
  throw ArgumentError(Cat("there is no ", what, " ", index, ", the net has ", count));
}

}  // namespace demitasse::c_api

const char* demitasse_last_error(void) { return demitasse::c_api::last.shown; }
int demitasse_last_status(void) { return demitasse::c_api::last.status; }
