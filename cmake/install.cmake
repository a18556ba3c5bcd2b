# Installation: headers, kvt::compiled, the command line with its configurations, and the files that find_package and
# pkg-config read.
include(CMakePackageConfigHelpers)

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/kvt")

install(TARGETS ${kvt_targets} EXPORT kvtTargets
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILE_SET details DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT kvtTargets NAMESPACE kvt:: DESTINATION "${package_folder}")

configure_package_config_file(cmake/kvtConfig.cmake.in kvtConfig.cmake INSTALL_DESTINATION "${package_folder}")
write_basic_package_version_file(kvtConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/kvtConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/kvtConfigVersion.cmake"
              cmake/kvtDependencies.cmake
        DESTINATION "${package_folder}")
install(FILES cmake/components.cmake DESTINATION "${package_folder}" RENAME kvtComponents.cmake)

# pkg-config: the modules behind the dependencies; those not named here have headers only, on the default path.
set(pkg_boost "")
set(pkg_threads "")
set(pkg_range-v3 "")
set(pkg_openssl openssl)
set(pkg_simdjson simdjson)
set(pkg_fmt fmt)
set(pkg_yaml-cpp yaml-cpp)
set(pkg_sqlite3 sqlite3)
set(pkg_zlib zlib)
set(pkg_eigen eigen3)
set(kvt_pc_requires "")
foreach(need IN LISTS kvt_needs)
  list(APPEND kvt_pc_requires ${pkg_${need}})
endforeach()
list(JOIN kvt_pc_requires " " kvt_pc_requires)
# relative to where the files will lie, so that an installation may be moved
file(RELATIVE_PATH kvt_pc_prefix "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" /prefix)
configure_file(cmake/kvt.pc.in kvt.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/kvt.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
if(KVT_COMPILED)
  configure_file(cmake/kvt-compiled.pc.in kvt-compiled.pc @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/kvt-compiled.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endif()

if(TARGET kvt_command)
  install(TARGETS kvt_command DESTINATION "${CMAKE_INSTALL_BINDIR}")
  install(DIRECTORY config DESTINATION "${CMAKE_INSTALL_DATADIR}/kvt")
endif()
