# How our own code is compiled (the target demitasse_flags); sanitizers, or else hardening, for all.
add_library(demitasse_flags INTERFACE)
target_compile_options(demitasse_flags INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor)
if(DEMITASSE_WERROR)
  target_compile_options(demitasse_flags INTERFACE -Werror)
endif()

# Nobody here reads errno or floating-point exceptions after arithmetic; as long as somebody might,
# GCC does not vectorize a loop that chooses between two values. Results stay the same.
target_compile_options(demitasse_flags INTERFACE -fno-math-errno -fno-trapping-math)

if(DEMITASSE_SANITIZE)
  add_compile_options(-fsanitize=${DEMITASSE_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${DEMITASSE_SANITIZE})
  if(DEMITASSE_SANITIZE MATCHES "thread")
    # Where it is defined Protocol Buffers' maps have members that the library does not know; the
    # standard library has a name of its own for it.
    add_compile_options(-U__SANITIZE_THREAD__ -D_GLIBCXX_TSAN=1)
  endif()
  # Under sanitizers GCC 12 sees such values in its own <regex>.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
else()
  # Files come from strangers: what one of them might corrupt ends the program instead of running it.
  include(CheckPIESupported)
  check_pie_supported(LANGUAGES C CXX)
  add_compile_options(-fstack-protector-strong)
  add_compile_definitions($<$<CONFIG:Release,RelWithDebInfo>:_FORTIFY_SOURCE=2>)
  add_link_options(-Wl,-z,relro,-z,now)
endif()
