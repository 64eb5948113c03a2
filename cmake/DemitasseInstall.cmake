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
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME copyright)

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

# Sets `result` to the files and flags that link `targets`, for pkg-config.
function(demitasse_link_flags result)
  set(flags "")
  foreach(target IN LISTS ARGN)
    if(TARGET "${target}")
      get_target_property(location "${target}" IMPORTED_LOCATION)
      if(NOT location)
        get_target_property(location "${target}" IMPORTED_LOCATION_NONE)
      endif()
      get_target_property(interface "${target}" INTERFACE_LINK_LIBRARIES)
      foreach(item IN LISTS location interface)
        demitasse_link_flags(more ${item})
        string(APPEND flags " ${more}")
      endforeach()
    elseif(target MATCHES "^\\$<IF:[^,]*,[^,]*,(.*)>$")
      string(APPEND flags " ${CMAKE_MATCH_1}")  # HDF5: its shared library
    elseif(NOT target MATCHES "NOTFOUND$|\\$<")
      string(APPEND flags " ${target}")
    endif()
  endforeach()
  string(STRIP "${flags}" flags)
  set(${result} "${flags}" PARENT_SCOPE)
endfunction()

file(RELATIVE_PATH prefix_from_pkgconfig "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
demitasse_link_flags(dependency_flags ${demitasse_dependencies})
foreach(file demitasse demitasse-static)
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
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "${PROJECT_DESCRIPTION}
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
