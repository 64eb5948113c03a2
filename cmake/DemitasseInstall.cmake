# What `cmake --install` and `cpack` hand to users: headers, both libraries, find_package and
# pkg-config files, and a Debian package of all that and the tool.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/Demitasse")

install(DIRECTORY include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        FILES_MATCHING PATTERN "*.hpp" PATTERN "*.h")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/include/demitasse/caffe.pb.h"
              "${CMAKE_CURRENT_BINARY_DIR}/include/demitasse/version.hpp"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/demitasse")
install(FILES proto/caffe.proto DESTINATION "${CMAKE_INSTALL_DATADIR}/demitasse")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/demitasse" RENAME copyright)

# Two exports: a program that takes the shared library needs not find what the other is linked with.
install(TARGETS demitasse EXPORT DemitasseStatic)
install(TARGETS demitasse_shared EXPORT DemitasseShared)
install(EXPORT DemitasseStatic NAMESPACE Demitasse:: DESTINATION "${package_dir}")
install(EXPORT DemitasseShared NAMESPACE Demitasse:: DESTINATION "${package_dir}")
configure_package_config_file(
  cmake/DemitasseConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/DemitasseConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/DemitasseConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/DemitasseConfig.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/DemitasseConfigVersion.cmake"
              cmake/DemitasseDependencies.cmake
        DESTINATION "${package_dir}")

# Sets `result` to the flags that link `items`, targets or files, for pkg-config.
function(demitasse_link_flags result)
  set(flags)
  foreach(item IN LISTS ARGN)
    string(REGEX REPLACE "^\\$<IF:.*,([^,]*),[^,]*>$" "\\1" item "${item}")  # HDF5: the archive
    if(TARGET "${item}")
      foreach(property IMPORTED_LOCATION IMPORTED_LOCATION_NONE INTERFACE_LINK_LIBRARIES)
        get_target_property(value "${item}" ${property})
        if(value)
          demitasse_link_flags(more ${value})
          list(APPEND flags ${more})
        endif()
      endforeach()
    elseif(item MATCHES "^(.*)/lib([^/]*)\\.(so|a)[0-9.]*$")
      set(name "${CMAKE_MATCH_2}")
      if("${CMAKE_MATCH_1}" IN_LIST CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES)
        list(APPEND flags "-l${name}")
      else()
        list(APPEND flags "${item}")
      endif()
    elseif(item)
      list(APPEND flags "${item}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES flags)
  set(${result} "${flags}" PARENT_SCOPE)
endfunction()

file(RELATIVE_PATH prefix_from_pkgconfig "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" prefix_from_pkgconfig "${prefix_from_pkgconfig}")
demitasse_link_flags(dependency_flags ${demitasse_dependencies})
list(JOIN dependency_flags " " dependency_flags)
foreach(file demitasse demitasse-static demitasse-caffe)
  configure_file("cmake/${file}.pc.in" "${CMAKE_CURRENT_BINARY_DIR}/${file}.pc" @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${file}.pc"
          DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME demitasse)
set(CPACK_PACKAGE_CONTACT "The Demitasse authors <demitasse@localhost>")
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 2)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "\
Reads the prototxt and caffemodel files of Caffe, runs networks forward and
backward, trains them, and lets programs embed the library or add layers.
Contains the command line tool, the library and its headers.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
# For those who compile against it.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libprotobuf-dev, libgoogle-glog-dev, libopenblas-dev")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libhwy-dev, libdnnl-dev, libhdf5-dev, liblmdb-dev, \
libleveldb-dev, libpng-dev, libjpeg62-turbo-dev, graphviz")
include(CPack)
