# The list of layers is made from the folder layers/: every *_layer.cpp begins with a comment that
# is the layer's help, "// Type: y = ...", and registers one type in its last line,
# DEMITASSE_REGISTER_LAYER("Type", Class). The generated source refers to each of these
# registrations, so that no linker drops one from a static library, and holds the comments.
#
# Sets <sources> to the layer files and <list_source> to the generated file. Configuring fails for
# a layer without a registration, without the comment or without its test.
function(demitasse_layer_list sources list_source)
  file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/layers/*_layer.cpp")
  set(declarations "")
  set(entries "")
  foreach(file IN LISTS files)
    file(READ "${file}" text)
    if(NOT text MATCHES "\nDEMITASSE_REGISTER_LAYER\\(\"([A-Za-z0-9_]+)\", *([A-Za-z0-9_]+)\\)")
      message(FATAL_ERROR "${file} does not end with DEMITASSE_REGISTER_LAYER(\"Type\", Class);")
    endif()
    set(type "${CMAKE_MATCH_1}")
    set(class "${CMAKE_MATCH_2}")
    if(NOT text MATCHES "^// ${type}: ")
      message(FATAL_ERROR "${file} does not begin with the layer's help, a comment that tells what "
                          "it computes: // ${type}: y = ...")
    endif()
    # Text is handled in quotes only: as a list it would fall apart at semicolons and brackets.
    string(REGEX MATCH "^(//[^\n]*\n)+" comment "${text}")
    string(REGEX REPLACE "\n// ?" "\n" description "\n${comment}")
    string(STRIP "${description}" description)
    string(APPEND declarations "extern const bool kRegistered${class};\n")
    string(APPEND entries "    {\"${type}\", &kRegistered${class},\n"
                          "     R\"comment(${description})comment\"},\n")

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
