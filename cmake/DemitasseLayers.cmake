# The list of layers is made from the folder layers/: every *_layer.cpp registers one type in its
# last line, DEMITASSE_REGISTER_LAYER("Type", Class). The generated source refers to each of these
# registrations, so that no linker drops one from a static library.
#
# Sets <sources> to the layer files and <list_source> to the generated file. Configuring fails for
# a layer without a registration or without its test.
function(demitasse_layer_list sources list_source)
  file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/layers/*_layer.cpp")
  set(declarations "")
  set(references "")
  foreach(file IN LISTS files)
    file(STRINGS "${file}" registration REGEX "^DEMITASSE_REGISTER_LAYER\\(")
    if(NOT registration MATCHES "DEMITASSE_REGISTER_LAYER\\(\"[A-Za-z0-9_]+\", *([A-Za-z0-9_]+)\\)")
      message(FATAL_ERROR "${file} does not end with DEMITASSE_REGISTER_LAYER(\"Type\", Class);")
    endif()
    string(APPEND declarations "extern const bool kRegistered${CMAKE_MATCH_1};\n")
    string(APPEND references "    &kRegistered${CMAKE_MATCH_1},\n")

    get_filename_component(name "${file}" NAME_WE)
    if(NOT EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/tests/layers/${name}_test.cpp")
      message(FATAL_ERROR "layers/${name}.cpp has no test: tests/layers/${name}_test.cpp is missing")
    endif()
  endforeach()
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/layer_list.cpp")
  configure_file("${CMAKE_CURRENT_SOURCE_DIR}/cmake/layer_list.cpp.in" "${generated}" @ONLY)
  set(${sources} "${files}" PARENT_SCOPE)
  set(${list_source} "${generated}" PARENT_SCOPE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
endfunction()
