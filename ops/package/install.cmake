# What `cmake --install BUILD --prefix P` lays down. Everything in P finds the rest from where it lies,
# so that P may be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/hedui)
set(share_dir ${CMAKE_INSTALL_DATADIR}/hedui)

install(TARGETS hedui RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS hedui_shared EXPORT heduiTargets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS hedui_static EXPORT heduiStaticTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/hedui DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

install(EXPORT heduiTargets NAMESPACE hedui:: DESTINATION ${cmake_dir})
install(EXPORT heduiStaticTargets NAMESPACE hedui:: DESTINATION ${cmake_dir})
configure_package_config_file(ops/package/heduiConfig.cmake.in package/heduiConfig.cmake
    INSTALL_DESTINATION ${cmake_dir} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(package/heduiConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/package/heduiConfig.cmake
    ${CMAKE_BINARY_DIR}/package/heduiConfigVersion.cmake DESTINATION ${cmake_dir})

# Two of them, because `pkg-config --static` means that libpq and all below it are static too, for
# which Debian has not all that is needed.
function(hedui_pkg_config pc_name pc_libs pc_requires)
    string(REGEX REPLACE "[^/]+" ".." pc_prefix ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
    configure_file(ops/package/hedui.pc.in package/${pc_name}.pc @ONLY)
    install(FILES ${CMAKE_BINARY_DIR}/package/${pc_name}.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()
list(JOIN hedui_requires " " requires)
hedui_pkg_config(hedui "-lhedui" "")
hedui_pkg_config(hedui-static "-l:libhedui.a -lm -pthread" "${requires}")

install(DIRECTORY rules ops/sql DESTINATION ${share_dir})
install(FILES docs/hedui.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES docs/completion.bash RENAME hedui
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES README.md README.zh-CN.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN *.md)
install(FILES tests/install/example.c DESTINATION ${CMAKE_INSTALL_DOCDIR}/tests/install)
